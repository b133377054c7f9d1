"""Skills for open questions: explanations, comparisons, and what to say when nothing else fits."""

from __future__ import annotations

import re

from zaguan_tui.sandbox.data.lore import Topic, phrases, topics
from zaguan_tui.sandbox.engine.text_prompt import Prompt, topic_of
from zaguan_tui.sandbox.engine.text_voice import hello, in_voice

_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|yo|good (?:morning|afternoon|evening)|greetings|howdy|ping|test(?:ing)?)\b", re.I
)
_THANKS = re.compile(r"^\W*(?:thanks?|thank you|thx|great|perfect|awesome|cool|nice)\b[^?]*$", re.I)
_BYE = re.compile(r"^\W*(?:bye|goodbye|see you|good night)\b", re.I)
_IDENTITY = re.compile(
    r"\b(?:who are you|what are you|which model|what model|what(?:'s| is) your name|are you (?:an? )?(?:ai|real|human|gpt|claude))\b",
    re.I,
)
_COMPARE = re.compile(
    r"\b(?:compare|difference between|differences between)\s+(.+?)\s+(?:and|with|to|vs\.?|versus)\s+([^?.!\n]+)|(\S[^?.!\n]*?)\s+(?:vs\.?|versus)\s+([^?.!\n]+)",
    re.I,
)
_JOKE = re.compile(r"\b(?:joke|make me laugh|something funny)\b", re.I)
_FACT = re.compile(r"\b(?:fun fact|interesting fact|random fact|something interesting)\b", re.I)
_LEADS = (
    "At heart, **{t}** is a question of what stays the same while everything around it changes.",
    "**{T}** is easier to see from its parts than from its name.",
    "Most people meet **{t}** long before they learn the word for it.",
    "Think of **{t}** as an agreement between two sides that never meet.",
)
_PARTS = (
    (
        "The shape of it",
        "Start with what goes in and what comes out. Between the two, *{t}* keeps one promise, and everything else follows from that promise.",
    ),
    (
        "Where it comes from",
        "Somebody had a problem that kept coming back, solved it twice by hand, and the third time gave the solution a name: *{t}*.",
    ),
    (
        "How it works",
        "There are two movements. The first narrows things down; the second makes the result usable. Neither of them is hard, but the order matters.",
    ),
    (
        "What it costs",
        "Attention, mostly. *{T}* rewards people who measure before they change anything, and it punishes hurry.",
    ),
    (
        "Where it goes wrong",
        "When *{t}* fails it rarely fails loudly. Look for the quiet signs: a number that no longer moves, a step nobody can explain.",
    ),
    (
        "In everyday terms",
        "A kitchen knows it too: prepare, combine, wait, taste. Swap the nouns and you have *{t}*.",
    ),
)
_ADVICE = (
    "write down what you expect before you look", "begin with the smallest case that can fail", "keep one example that you know by heart",
    "change one thing at a time", "name the parts for whoever comes next", "stop when it's good enough, and note why",
)  # fmt: skip


def greeting(prompt: Prompt) -> str | None:
    """A hello for a hello, by name if it is known."""
    if not _GREETING.match(prompt.text) or len(prompt.text) > 60:
        return None
    words = hello(prompt)
    back = " Good to see you again." if prompt.earlier else ""
    return f"{words.replace('!', f', {prompt.name}!', 1) if prompt.name else words}{back}"


def manners(prompt: Prompt) -> str | None:
    """Thanks and goodbyes."""
    if _BYE.match(prompt.text):
        return f"Goodbye{f', {prompt.name}' if prompt.name else ''}! The conversation is kept; come back whenever you like."
    if not _THANKS.match(prompt.text) or len(prompt.text) > 60 or not prompt.earlier:
        return None
    about = topic_of(prompt.earlier[-1])
    return f"You're welcome{f', {prompt.name}' if prompt.name else ''}! If you want to go on with **{about}**, just ask."


def identity(prompt: Prompt) -> str | None:
    """Which model this claims to be, and the honest truth behind it."""
    if not _IDENTITY.search(prompt.text):
        return None
    model = prompt.model
    return (
        f"I answer as **{model.name}** (`{model.id}`), with a context of {model.context:,} tokens at "
        f"${model.input_cost_per_1m:g} in and ${model.output_cost_per_1m:g} out per million.\n\n"
        "> Between us: this is the sandbox. No network was used and no credit of yours was spent. A small text engine on "
        "your machine plays every model here, at that model's own pace."
    )


def joke(prompt: Prompt) -> str | None:
    """A joke, or a fact."""
    if _FACT.search(prompt.text):
        return f"**Did you know?** {prompt.rng.choice(phrases().facts)}"
    return prompt.rng.choice(phrases().jokes) if _JOKE.search(prompt.text) else None


def compare(prompt: Prompt) -> str | None:
    """`X vs Y`: a table and a verdict that depends on who asks."""
    found = _COMPARE.search(prompt.text)
    if not found:
        return None
    left, right = (topic_of(side) for side in (found[1] or found[3], found[2] or found[4]))
    a, b = _known(left), _known(right)
    rows = [
        ("In a sentence", a.what.split(". ")[0] if a else "the one you already know", b.what.split(". ")[0] if b else "the one you're curious about"),
        ("Watch out for", a.watch if a else "habits that hide its limits", b.watch if b else "the first week"),
        ("Choose it when", "you value predictability", "you can afford to experiment"),
    ]  # fmt: skip
    table = "\n".join(f"| {name} | {one} | {two} |" for name, one, two in rows)
    body = f"## {_title(left)} and {_title(right)}\n\n| | {left} | {right} |\n| :--- | :--- | :--- |\n{table}\n\n"
    return in_voice(
        prompt,
        body + f"**Verdict:** try *{prompt.rng.choice([left, right])}* first, and keep the other in reach.",
    )


def explain(prompt: Prompt) -> str:
    """An explanation under headings: from knowledge if there is some, else of the asker's own words. Never declines."""
    topic = prompt.topic
    known = _known(topic)
    body = _from_knowledge(topic, known) if known else _from_words(prompt, topic)
    if prompt.is_follow_up and prompt.earlier:
        body = f"Staying with **{topic}**, from another side:\n\n{body}"
    elif prompt.earlier and prompt.rng.random() < 0.5:
        body += f"\n\nEarlier you asked about *{topic_of(prompt.earlier[-1])}*; the same way of looking helps here."
    return in_voice(prompt, body)


def _known(topic: str) -> Topic | None:
    words = f" {' '.join(re.findall(r'[a-z0-9_-]+', topic.casefold()))} "
    matches = [(len(name), t) for t in topics() for name in t.names if f" {name} " in words]
    return max(matches, key=lambda match: match[0])[1] if matches else None


def _from_knowledge(topic: str, known: Topic) -> str:
    steps = "\n".join(f"{i}. {step}" for i, step in enumerate(known.steps, 1))
    return f"## {_title(topic)}\n\n{known.what}\n\n### How it works\n\n{known.how}\n\n{steps}\n\n### Worth knowing\n\n> {known.watch}"


def _from_words(prompt: Prompt, topic: str) -> str:
    rng = prompt.rng
    lead = _fill(rng.choice(_LEADS), topic)
    parts = "\n\n".join(f"### {head}\n\n{_fill(body, topic)}" for head, body in rng.sample(_PARTS, 3))
    advice = "\n".join(f"- **{word[0].upper()}{word[1:]}**" for word in rng.sample(_ADVICE, 3))
    return f"## {_title(topic)}\n\n{lead}\n\n{parts}\n\n### If you take three things along\n\n{advice}"


def _fill(sentence: str, topic: str) -> str:
    return sentence.replace("{t}", topic).replace("{T}", _title(topic))


def _title(topic: str) -> str:
    return topic[:1].upper() + topic[1:]
