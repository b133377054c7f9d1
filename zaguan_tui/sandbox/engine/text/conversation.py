"""Responders that use the conversation: names, earlier questions, greetings, thanks, the model itself."""

from __future__ import annotations

import re

from zaguan_tui.sandbox.engine.text.prompt import Prompt, topic_of

_MY_NAME = re.compile(
    r"\b(?:what(?:'s| is) my name|who am i|do you (?:know|remember) (?:my name|me))\b", re.I
)
_GIVES_NAME = re.compile(r"\b(?:my name is|my name's|call me|i am called)\b", re.I)
_EARLIER = re.compile(
    r"\b(?:what did i (?:just )?(?:ask|say|tell)|my (?:first|last|previous) (?:question|message))", re.I
)
_RECAP = re.compile(
    r"\b(?:summari[sz]e|recap|sum up)\b.*\b(?:conversation|chat|so far|discussion|we)\b", re.I
)
_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|yo|good (?:morning|afternoon|evening)|greetings|howdy|ping|test(?:ing)?)\b"
    r"|\bhow(?: are|'re) (?:you|things)\b",
    re.I,
)
_THANKS = re.compile(r"^\W*(?:thanks?|thank you|thx|great|perfect|awesome|cool|nice)\b[^?]*$", re.I)
_BYE = re.compile(r"^\W*(?:bye|goodbye|see you|good night)\b", re.I)
_IDENTITY = re.compile(
    r"\b(?:who are you|what are you|which model|what model|what(?:'s| is) your name|"
    r"are you (?:an? )?(?:ai|real|human|gpt|claude))\b",
    re.I,
)
_HELP = re.compile(
    r"^\W*(?:help|what can (?:you|i) (?:do|ask)|what do you do|how do you work)\b[^?]{0,20}\W*$", re.I
)
_NOD = re.compile(r"^\W*(?:ok(?:ay)?|yes|no|yep|nope|sure|hm+|i see|right|alright)\W*$", re.I)
_MAX_SMALL_TALK = 60
_HELP_TEXT = """The sandbox answers from templates. Try:

- **Explain** circuit breakers, rate limits, prompt caching, tokens
- **Code** – `write a Go program for fizzbuzz`
- **Tables, lists and JSON** – `make a table of 5 cities with columns: city, population`
- **Length** – `write 500 words about tides`
- **Exact answers** – `12 * 7`, `count to 50`, `repeat: …`, `sort: c, a, b`
- **Conversation** – `my name is …`, `what did I ask first?`, `summarize our conversation`

The models `sandbox/hostile`, `sandbox/fast-1000` and `sandbox/slow` test a client."""


def user_name(prompt: Prompt) -> str | None:
    """Greet a user who gives a name; say it when it is asked for."""
    name = prompt.user_name
    if _MY_NAME.search(prompt.text):
        return f"Your name is **{name}**." if name else "You haven't told me your name yet."
    gives = name and _GIVES_NAME.search(prompt.text) and len(prompt.text) <= 80 and "?" not in prompt.text
    return f"Nice to meet you, **{name}**! What can I do for you?" if gives else None


def earlier_turns(prompt: Prompt) -> str | None:
    """`what did I ask first?` and `summarize our conversation`."""
    if _EARLIER.search(prompt.text):
        if not prompt.earlier:
            return "This is the first message of the conversation."
        place, word = (0, "first") if "first" in prompt.text.casefold() else (-1, "last")
        quoted = prompt.earlier[place].strip().replace("\n", "\n> ")
        return f"Your {word} message was:\n\n> {quoted}"
    if not _RECAP.search(prompt.text):
        return None
    turns = [f"{i}. You asked about **{topic_of(text)}**" for i, text in enumerate(prompt.earlier, 1)]
    total = f"{len(turns)} turn{'' if len(turns) == 1 else 's'} so far"
    return "\n".join([f"{total}, {len(prompt.answers)} answered:\n", *turns]) if turns else f"{total}."


def identity(prompt: Prompt) -> str | None:
    """Which model the answer is from, and that it is the sandbox's."""
    if not _IDENTITY.search(prompt.text):
        return None
    model = prompt.model
    return (
        f"I answer as **{model.name}** (`{model.id}`), with a context of {model.context:,} tokens at "
        f"${model.input_cost_per_1m:g} in and ${model.output_cost_per_1m:g} out per million.\n\n"
        "> This is the sandbox: a text engine on your machine answers for every model. "
        "No network was used and no credit was spent."
    )


def small_talk(prompt: Prompt) -> str | None:
    """Help, greetings, thanks, goodbyes and confirmations, with the user's name and the last topic."""
    if len(prompt.text) > _MAX_SMALL_TALK:
        return None
    comma_name = f", {prompt.user_name}" if prompt.user_name else ""
    last = f" We were at **{topic_of(prompt.earlier[-1])}**." if prompt.earlier else ""
    if _HELP.match(prompt.text):
        return _HELP_TEXT
    if _GREETING.search(prompt.text):
        return f"Hello{comma_name}! This is {prompt.model.name}. How can I help you?"
    if _BYE.match(prompt.text):
        return f"Goodbye{comma_name}!"
    if _THANKS.match(prompt.text):
        return f"You're welcome{comma_name}!{last}"
    return f"Good.{last} What should come next?" if _NOD.match(prompt.text) else None
