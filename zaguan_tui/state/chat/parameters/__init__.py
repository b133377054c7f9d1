"""The parameters a prompt is asked with: what there is, what a model can do, and what a person typed.

Names and ranges: OpenAI spec and Anthropic docs (wire reference §3.1, §4.1). ``table`` says what there is,
``ability`` what a model or a dialect lacks, ``typed`` reads what is typed, ``json_texts`` what is written as
JSON, ``form`` holds it all while it is edited, ``summary`` says it in a few words.
"""
