"""Sampling parameters: the table of all, the form, what a model supports, and reading of typed values.

Names and ranges: OpenAI spec and Anthropic docs (wire reference §3.1, §4.1). ``table`` says what there is,
``support`` what a model or a dialect lacks, ``values`` reads what is typed, ``json_texts`` what is written as
JSON, ``form`` holds it all while it is edited, ``summary`` says it in a few words.
"""
