"""Skills for open questions: explanations, comparisons, and what to say when nothing else fits."""

from __future__ import annotations

import re

from zaguan_tui.sandbox.data.knowledge import Topic, phrases, prose, topics
from zaguan_tui.sandbox.engine.text.prompt import Prompt, topic_of
from zaguan_tui.sandbox.engine.text.sentence_deck import Deck, deck, filled, titled
from zaguan_tui.sandbox.engine.text.vendor_style import hello, in_voice

_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|yo|good (?:morning|afternoon|evening)|greetings|howdy|ping|test(?:ing)?)\b", re.I
)
_HOW_ARE_YOU = re.compile(r"\bhow(?: are|'re) (?:you|things)\b|\bhow's it going\b", re.I)
_THANKS = re.compile(r"^\W*(?:thanks?|thank you|thx|great|perfect|awesome|cool|nice)\b[^?]*$", re.I)
_BYE = re.compile(r"^\W*(?:bye|goodbye|see you|good night)\b", re.I)
_IDENTITY = re.compile(
    r"\b(?:who are you|what are you|which model|what model|what(?:'s| is) your name|"
    r"are you (?:an? )?(?:ai|real|human|gpt|claude))\b",
    re.I,
)
_COMPARE = re.compile(
    r"\b(?:compare|difference between|differences between)\s+(.+?)\s+(?:and|with|to|vs\.?|"
    r"versus)\s+([^?.!\n]+)|(\S[^?.!\n]*?)\s+(?:vs\.?|versus)\s+([^?.!\n]+)",
    re.I,
)
_JOKE = re.compile(r"\b(?:joke|make me laugh|something funny)\b", re.I)
_FACT = re.compile(r"\b(?:fun fact|interesting fact|random fact|something interesting)\b", re.I)

_HELP = re.compile(
    r"^\W*(?:help|what can (?:you|i) (?:do|ask)|what do you do|how do you work)\b[^?]{0,20}\W*$", re.I
)
_NOD = re.compile(r"^\W*(?:ok(?:ay)?|yes|no|yep|nope|sure|hm+|i see|right|alright)\W*$", re.I)
_HOW_TO = re.compile(
    r"\b(?:help me|plan)\b|\bhow (?:do|can|should|would|could) (?:i|we|you|one)\b|\bhow to\b", re.I
)
_MAX_NOUN_LENGTH = 4
"""Topics of more words than this are too long to sit inside a sentence."""


def greeting(prompt: Prompt) -> str | None:
    """A hello for a hello, by name if it is known."""
    if len(prompt.text) > 60 or not (_GREETING.match(prompt.text) or _HOW_ARE_YOU.search(prompt.text)):
        return None
    if _HOW_ARE_YOU.search(prompt.text):
        return f"Very well, thank you{f', {prompt.name}' if prompt.name else ''}! All fans at rest. And you?"
    words = hello(prompt)
    back = " Good to see you again." if prompt.earlier else ""
    return f"{words.replace('!', f', {prompt.name}!', 1) if prompt.name else words}{back}"


def manners(prompt: Prompt) -> str | None:
    """Thanks and goodbyes."""
    if _BYE.match(prompt.text):
        return (
            f"Goodbye{f', {prompt.name}' if prompt.name else ''}! "
            f"The conversation is kept; come back whenever you like."
        )
    if not _THANKS.match(prompt.text) or len(prompt.text) > 60:
        return None
    if not prompt.earlier:
        return "You're welcome! Though I haven't done anything yet: what shall we look at?"
    about = topic_of(prompt.earlier[-1])
    return (
        f"You're welcome{f', {prompt.name}' if prompt.name else ''}! "
        f"If you want to go on with **{about}**, just ask."
    )


def identity(prompt: Prompt) -> str | None:
    """Which model this claims to be, and the honest truth behind it."""
    if not _IDENTITY.search(prompt.text):
        return None
    model = prompt.model
    return (
        f"I answer as **{model.name}** (`{model.id}`), with a context of {model.context:,} tokens at "
        f"${model.input_cost_per_1m:g} in and ${model.output_cost_per_1m:g} out per million.\n\n"
        "> Between us: this is the sandbox. No network was used "
        "and no credit of yours was spent. A small text engine on "
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
        (
            "In a sentence",
            a.what.split(". ")[0] if a else "the one you already know",
            b.what.split(". ")[0] if b else "the one you're curious about",
        ),
        (
            "Watch out for",
            a.watch if a else "habits that hide its limits",
            b.watch if b else "the first week",
        ),
        ("Choose it when", "you value predictability", "you can afford to experiment"),
    ]
    table = "\n".join(f"| {name} | {one} | {two} |" for name, one, two in rows)
    body = (
        f"## {titled(left)} and {titled(right)}\n\n| | {left} "
        f"| {right} |\n| :--- | :--- | :--- |\n{table}\n\n"
    )
    return in_voice(
        prompt,
        body + f"**Verdict:** try *{prompt.rng.choice([left, right])}* first, and keep the other in reach.",
    )


def helps(prompt: Prompt) -> str | None:
    """`what can you do?`, and an answer to a mere nod."""
    if _HELP.match(prompt.text):
        return prose().help
    if not _NOD.match(prompt.text):
        return None
    about = f" We were at **{topic_of(prompt.earlier[-1])}**." if prompt.earlier else ""
    return f"Good.{about} Shall I go on, or is there something else?"


def how_to(prompt: Prompt) -> str | None:
    """`how do I …`: a plan in steps, for things there is no particular knowledge of."""
    if not _HOW_TO.search(prompt.text) or _known(prompt.topic):
        return None
    steps = prose().decks["explain"]["how_to"]
    chosen = sorted(prompt.rng.sample(range(len(steps)), 5))
    plan = "\n".join(f"{i}. {filled(steps[step], prompt.topic)}" for i, step in enumerate(chosen, 1))
    question = "What have you tried so far? The answer usually points at the next step."
    return in_voice(prompt, f"## A plan: {prompt.topic}\n\n{plan}\n\n{question}")


def explain(prompt: Prompt) -> str:
    """An explanation under headings: from knowledge if there is some, else of the asker's own words."""
    topic = prompt.topic
    known = _known(topic)
    body = _from_knowledge(topic, known) if known else _from_words(prompt, topic)
    if prompt.is_follow_up and prompt.earlier:
        body = f"Staying with **{topic}**, from another side:\n\n{body}"
    elif prompt.earlier and prompt.rng.random() < 0.5:
        body += (
            f"\n\nEarlier you asked about *{topic_of(prompt.earlier[-1])}*; "
            f"the same way of looking helps here."
        )
    return in_voice(prompt, body)


def _known(topic: str) -> Topic | None:
    words = f" {' '.join(re.findall(r'[a-z0-9_-]+', topic.casefold()))} "
    matches = [(len(name), t) for t in topics() for name in t.names if f" {name} " in words]
    return max(matches, key=lambda match: match[0])[1] if matches else None


def _from_knowledge(topic: str, known: Topic) -> str:
    steps = "\n".join(f"{i}. {step}" for i, step in enumerate(known.steps, 1))
    return (
        f"## {titled(topic)}\n\n{known.what}\n\n### How it works\n\n{known.how}\n\n{steps}\n\n"
        f"### Worth knowing\n\n> {known.watch}"
    )


def _from_words(prompt: Prompt, topic: str) -> str:
    rng, kept = prompt.rng, prose()
    noun = topic if len(topic.split()) <= _MAX_NOUN_LENGTH else "this"
    lead = filled(deck(rng, "explain", "leads").draw(), noun)
    heads = Deck(rng, tuple(kept.parts))
    chosen = [heads.draw() for _ in range(3)]
    parts = "\n\n".join(f"### {head}\n\n{filled(kept.parts[head], noun)}" for head in chosen)
    advice = deck(rng, "explain", "advice")
    points = "\n".join(f"- **{titled(advice.draw())}**" for _ in range(3))
    return (
        f"## {titled(topic)}\n\n{lead}\n\n{parts}\n\n"
        f"### If you take three things along\n\n{points}\n\n> {kept.note}"
    )
