"""Generate prose about the topic of a prompt: explanations, essays of a length, poems, letters, reasoning."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator

from zaguan_tui.sandbox.data.answers import explanations
from zaguan_tui.sandbox.engine.text.prompt import Prompt, capitalize
from zaguan_tui.sandbox.engine.text.tokens import count_tokens

_WORDS = re.compile(r"\b(\d[\d,]*)[\s-]*(?:words?)\b", re.I)
_LONG = re.compile(
    r"\b(?:essay|article|report|blog post|speech|long (?:text|answer|story)|at length)\b", re.I
)
_SHORT = re.compile(r"\b(?:story|tale|joke|fun fact)\b", re.I)
_POEM = re.compile(r"\b(haiku)\b|\b(?:poem|verse|sonnet|limerick|rhyme)\b", re.I)
_LETTER = re.compile(
    r"\b(?:e-?mail|letter)\b(?:\s+to\s+(?:my |the |our |a "
    r")?(\w+))?(?:.{0,20}?\b(?:about|on|regarding)\s+([^\n]{1,80}))?",
    re.I,
)
_HOW_TO = re.compile(
    r"\b(?:help me|plan)\b|\bhow (?:do|can|should|would|could) (?:i|we|you|one)\b|\bhow to\b", re.I
)
_LENGTH = re.compile(r"^(?:in |at least |about )*\d[\d,]*[\s-]*words?\s*(?:essay\s*)?(?:about|on)?\s*", re.I)
_MAX_WORDS = 30_000
_LONG_WORDS, _SHORT_WORDS = 700, 120
_WORDS_WITHOUT_HEADINGS = 250
_PARAGRAPH_WORDS = 50
_ASPECTS = {
    "Definition": (
        "a definition of {t} says what belongs to it and what does not.",
        "one example of {t} and one thing that only looks like it explain more than a long sentence.",
        "the word is used in several ways, so it helps to say which kind of {t} is meant.",
    ),
    "Purpose": (
        "the purpose of {t} shows when somebody has to do without it.",
        "those who deal with {t} every day can say what it is good for.",
        "the goal decides how much of {t} is enough.",
    ),
    "Method": (
        "the usual way to approach {t} is to start with the smallest case that shows a result.",
        "each step of {t} should have an input, an output and a check.",
        "change one thing about {t} at a time and compare.",
    ),
    "Cost": (
        "the cost of {t} is time as well as money.",
        "the price of {t} is easier to judge per use than in total.",
        "a cheap start with {t} can become expensive at a larger size.",
    ),
    "Limit": (
        "the limits of {t} appear in the largest and the smallest case.",
        "when something about {t} fails, the first sign is often a number that no longer changes.",
        "a description of {t} should name what is not possible, too.",
    ),
    "Measurement": (
        "numbers about {t} need a unit, a period and a source.",
        "measure {t} before and after a change, in the same way.",
        "an average hides the worst case of {t}; a percentile shows it.",
    ),
    "History": (
        "the history of {t} explains why some of it looks odd today.",
        "older descriptions of {t} are worth a second source.",
        "what is known about {t} has changed more than once.",
    ),
}
_LINKS = ("", "", "in practice, ", "as a rule, ", "for most readers, ", "in many cases, ", "above all, ")
_STEPS = (
    "**Define the goal:** one sentence that says when “{t}” is done.",
    "**Collect what is there:** facts, numbers and constraints.",
    "**Start with the smallest case** of “{t}” that shows a result.",
    "**Change one thing at a time** and compare.",
    "**Check the result** against the goal and write it down.",
)
_LINES = (
    "{T} in the morning light,", "{t} at the end of the day,", "a word for {t}, and another,",
    "the air is still,", "somebody counts to ten,", "the answer comes in parts,",
    "nothing is lost on the way,", "{t}, and then the silence,",
)  # fmt: skip
_LETTER_TEXT = """**Subject:** {T}

Dear {reader},

I am writing about {t}. The goal and the date are settled; one question is open: who decides, and by when?

I suggest a meeting of fifteen minutes this week. Would Thursday suit you?

Kind regards,
{writer}"""
_REASONING_NOUNS = (
    "wording",
    "goal",
    "context",
    "length",
    "form",
    "order",
    "scope",
    "tone",
    "example",
    "result",
)
_CHECKS = (
    "The {a} comes next.",
    "Check the {a}: nothing in the request about {t} rules it out.",
    "One could read the {a} in two ways; the plain one fits better.",
    "The {a} is given, so no question back is needed.",
    "Compare the {a} with what came before.",
    "Keep the {a} simple.",
)
_FOLLOW_UPS = (
    "Which part should be explained in more detail?",
    "A worked example with numbers can follow.",
    "The next step is to apply this to your own case.",
    "Ask for a table or for code to go on.",
)
_THINKER_SENTENCES = 50
_NOTE = "> The sandbox makes this text from the words of the request; it is no source of facts."


def fill(template: str, topic: str) -> str:
    """`template` with the topic in its places: `{t}` as it is, `{T}` with a capital."""
    return template.replace("{t}", topic).replace("{T}", capitalize(topic))


def sentences(rng: random.Random, topic: str, aspect: str | None = None) -> Iterator[str]:
    """Sentences about one aspect of `topic`, or about all, without end; none comes twice in a row."""
    stock = _ASPECTS[aspect] if aspect else tuple(itertools.chain.from_iterable(_ASPECTS.values()))
    last = ""
    while True:
        for template in rng.sample(stock, len(stock)):
            if template != last:
                yield capitalize(f"{rng.choice(_LINKS)}{fill(template, topic)}")
                last = template


def paragraph(lines: Iterator[str], words: int = _PARAGRAPH_WORDS) -> str:
    """Sentences of at least `words` words together, at most one sentence more."""
    parts: list[str] = []
    while sum(len(part.split()) for part in parts) < words:
        parts.append(next(lines))
    return " ".join(parts)


def essay(prompt: Prompt) -> str | None:
    """A text as long as the request says: `write 2000 words about tides` gives 2,000 to a sentence more."""
    match = _WORDS.search(prompt.text)
    if match:
        length = min(int(match[1].replace(",", "")[:6]), _MAX_WORDS)
    elif _LONG.search(prompt.text) or _SHORT.search(prompt.text):
        length = _LONG_WORDS if _LONG.search(prompt.text) else _SHORT_WORDS
    else:
        return None
    topic = _subject_of(prompt)
    lines = sentences(prompt.rng, topic)
    headings = itertools.cycle(prompt.rng.sample(list(_ASPECTS), len(_ASPECTS)))
    parts = [f"# {capitalize(topic)}"]
    written = len(topic.split())
    while written < length:
        if length > _WORDS_WITHOUT_HEADINGS and len(parts) % 3 == 1:
            heading = next(headings)
            opening = paragraph(sentences(prompt.rng, topic, heading), 30)
            parts += [f"## {heading}", opening]
            written += len(opening.split())
        else:
            parts.append(paragraph(lines, min(_PARAGRAPH_WORDS, length - written)))
            written += len(parts[-1].split())
    return "\n\n".join(parts)


def poem(prompt: Prompt) -> str | None:
    """A haiku of three lines, or a poem of two stanzas."""
    match = _POEM.search(prompt.text)
    if not match:
        return None
    topic = _subject_of(prompt)
    lines = [fill(line, topic) for line in prompt.rng.sample(_LINES, len(_LINES))]
    if match[1]:
        return "  \n".join([*lines[:2], f"{topic}."])
    return f"**{capitalize(topic)}**\n\n" + "\n\n".join("  \n".join(lines[i : i + 4]) for i in (0, 4))


def letter(prompt: Prompt) -> str | None:
    """A short letter or e-mail to the reader and about the subject of the request."""
    match = _LETTER.search(prompt.text)
    if not match:
        return None
    text = _LETTER_TEXT.replace("{reader}", capitalize(match[1] or "team"))
    text = text.replace("{writer}", prompt.user_name or "Your name")
    return fill(text, (match[2] or "our next step").strip(" .?!"))


def plan(prompt: Prompt) -> str | None:
    """`how do I …`: a plan in steps, for a topic without a prepared explanation."""
    if not _HOW_TO.search(prompt.text) or explanation_of(prompt.topic):
        return None
    steps = "\n".join(f"{i}. {fill(step, prompt.topic)}" for i, step in enumerate(_STEPS, 1))
    return f"## A plan: {prompt.topic}\n\n{steps}\n\n{next(sentences(prompt.rng, prompt.topic))}"


def explanation_of(topic: str) -> str:
    """The prepared explanation of the longest known term in `topic`; empty when there is none."""
    words = f" {' '.join(re.findall(r'[a-z0-9_-]+', topic.casefold()))} "
    terms = [term for term in explanations() if f" {term} " in words]
    return explanations()[max(terms, key=len)] if terms else ""


def explain(prompt: Prompt) -> str:
    """An explanation under headings: prepared, or generated from the words of the request."""
    topic = prompt.topic
    title = f"## {capitalize(topic)}"
    if prompt.earlier and prompt.is_follow_up:
        title = f"More about **{topic}**:\n\n{title}"
    prepared = explanation_of(topic)
    if prepared:
        return f"{title}\n\n{prepared}\n\n{prompt.rng.choice(_FOLLOW_UPS)}"
    parts = [title, f"An overview of **{topic}**: what it means, and what to look at first."]
    for heading in prompt.rng.sample(list(_ASPECTS), prompt.rng.randint(2, 4)):
        parts += [f"### {heading}", paragraph(sentences(prompt.rng, topic, heading), 25)]
    lines = sentences(prompt.rng, topic)
    points = "\n".join(f"- {next(lines)}" for _ in range(3))
    return "\n\n".join([*parts, "### Summary", points, _NOTE])


def reason(prompt: Prompt, answer: str) -> str:
    """The reasoning before an answer: a few sentences about the request, a page for `sandbox/thinker`."""
    rng = prompt.rng
    count = rng.randint(4, 6) + min(3, len(prompt.text) // 400)
    if prompt.model.id == "sandbox/thinker":
        count = _THINKER_SENTENCES
    parts = [f"The request is about {prompt.topic}."]
    if prompt.user_name:
        parts.append(f"The user's name is {prompt.user_name}.")
    if prompt.earlier:
        parts.append(f"This is turn {len(prompt.earlier) + 1}, so the earlier turns count.")
    checks = rng.sample(list(itertools.product(_CHECKS, _REASONING_NOUNS)), count)
    parts += [fill(check.replace("{a}", noun), prompt.topic) for check, noun in checks]
    parts.append(f"The answer comes to about {count_tokens(answer)} tokens.")
    return "\n\n".join(" ".join(parts[i : i + 3]) for i in range(0, len(parts), 3))


def _subject_of(prompt: Prompt) -> str:
    topic = _LENGTH.sub("", prompt.topic_with_article)
    return topic if topic and topic != "this" else "the request"
