"""Long writing: essays to a number of words, stories, poems."""

from __future__ import annotations

import random
import re

from zaguan_tui.sandbox.engine.text_prompt import Prompt
from zaguan_tui.sandbox.engine.text_voice import opening

_WORDS = re.compile(r"\b(\d[\d,]*)[\s-]*(?:words?)\b", re.I)
_LONG = re.compile(
    r"\b(?:essay|article|report|blog post|speech|long (?:text|answer|story)|at length)\b", re.I
)
_STORY = re.compile(r"\b(?:story|tale|fairy tale)\b", re.I)
_HAIKU = re.compile(r"\bhaiku\b", re.I)
_POEM = re.compile(r"\b(?:poem|verse|sonnet|limerick|rhyme)\b", re.I)
_LONGEST = 30_000

_WHO = (
    "A patient observer",
    "Anyone who has waited for an answer",
    "The old handbook",
    "Every beginner",
    "A good teacher",
    "The night shift",
    "My grandmother",
    "A careful engineer",
    "The cartographer",
    "A visitor from elsewhere",
)
_DOES = (
    "notices",
    "forgets",
    "insists",
    "suspects",
    "learns",
    "would say",
    "finds out",
    "writes in the margin",
    "discovers",
    "keeps repeating",
)
_THAT = (
    "that {t} is less a thing than a habit", "that nothing about {t} is quite as simple as its name", "that {t} begins where instructions end",
    "that small errors in {t} travel far", "that {t} pays its debts late but in full", "that the quiet half of {t} does most of the work",
    "that {t} looks different from every side", "that {t} was there before anybody asked for it",
    "that one good example of {t} beats ten definitions", "that {t} is mostly a matter of attention",
)  # fmt: skip
_TURN = (
    "And yet", "For the same reason", "Seen from a distance", "On closer inspection", "In practice", "A generation later", "By contrast",
    "In the workshop", "On a rainy Tuesday", "When the numbers come in",
)  # fmt: skip
_CLAIM = (
    "the boundary between cause and habit blurs", "what seemed a detail turns out to carry the weight", "the best tools are the ones that disappear",
    "patience outperforms talent by a wide margin", "the map is redrawn, and the coast has moved", "people agree on the answer and quarrel about the question",
    "a margin of safety stops looking like waste", "the first draft explains more than the last", "the exceptions teach the rule",
    "someone has to decide, and usually does so over coffee",
)  # fmt: skip
_IMAGE = (
    "Picture a lighthouse whose keeper counts ships and never learns their names.", "It is a bridge that remembers every step.",
    "Think of rain on a tin roof: no single drop matters, and still you raise your voice.", "There is a drawer in every kitchen that works exactly like this.",
    "Compare it to a choir finding its pitch.", "It resembles a library at closing time: everything in place, nothing in use.",
    "A gardener would call it pruning.", "So does a river, given time.", "The echo arrives before the question is finished.", "It fits on a postcard, if you write small.",
)  # fmt: skip
_HEADS = (
    "A beginning",
    "What the word hides",
    "Two objections",
    "The view from below",
    "A short detour",
    "Measures and means",
    "What remains",
    "The long run",
    "Company",
    "An open end",
    "On method",
    "Small print",
)


def essay(prompt: Prompt) -> str | None:
    """An essay under headings, as long as asked: `write 2000 words about tides` gives 2,000, give or take a sentence."""
    asked = _WORDS.search(prompt.text)
    if not asked and not _LONG.search(prompt.text):
        return None
    wanted = min(int(asked[1].replace(",", "")[:6]), _LONGEST) if asked else 700
    topic = _subject(prompt)
    parts = [f"# {topic[:1].upper()}{topic[1:]}"]
    written = len(parts[0].split()) - 1
    for section in range(10_000):
        if written >= wanted:
            break
        if wanted > 250:
            head = f"## {_HEADS[section % len(_HEADS)]}"
            parts.append(head)
            written += len(head.split()) - 1
        for _ in range(3):
            if written < wanted:
                text = _paragraph(prompt.rng, topic, wanted - written)
                parts.append(text)
                written += len(text.split())
    return "\n\n".join(parts)


def story(prompt: Prompt) -> str | None:
    """A very short story."""
    if not _STORY.search(prompt.text):
        return None
    rng, topic = prompt.rng, _subject(prompt)
    hero = prompt.name or rng.choice(["Marisol", "Teodor", "Ines", "Old Pascual", "a clerk named Wren"])
    place = rng.choice(
        [
            "the room between the street and the courtyard",
            "a harbour town without a harbour",
            "the last house on the line",
        ]
    )
    return (
        f"# {topic[:1].upper()}{topic[1:]}\n\n"
        f"In {place} lived {hero}, who had never believed in {topic}. Everybody else did, loudly, on weekdays.\n\n"
        f"One evening the lamps went out, one after the other, *politely*, as if each had waited for its turn. {hero} lit a candle and "
        f"heard a knock: three short, one long.\n\n“{rng.choice(['You are late', 'Is this the queue', 'I was told to retry'])},” said a voice. "
        f"“{topic[:1].upper()}{topic[1:]} sent me.”\n\n{rng.choice(_IMAGE)} {hero} thought about it for the length of a breath, "
        f"then opened the door, **half**, the way one opens a door to a question.\n\nIn the morning the lamps were back. The candle, "
        f"though, was longer than before."
    )


def poem(prompt: Prompt) -> str | None:
    """A haiku or a poem of a few stanzas."""
    rng, topic = prompt.rng, _subject(prompt)
    if _HAIKU.search(prompt.text):
        first = rng.choice(["An old silent queue", "Morning in the logs", "Rain on the window"])
        last = rng.choice(["one more token falls", "the cursor still blinks", "somewhere, a green light"])
        return f"*{first},*\n*{topic}, and nobody there:*\n*{last}.*"
    if not _POEM.search(prompt.text):
        return None
    pairs = [
        ("light", "night"),
        ("sea", "key"),
        ("stone", "alone"),
        ("rain", "again"),
        ("door", "before"),
        ("time", "rhyme"),
    ]
    rng.shuffle(pairs)
    starts = [
        f"I asked for {topic}",
        "They gave me a map",
        "The hours went by",
        "A stranger came in",
        "We counted the stars",
        "I kept what was left",
    ]
    stanzas = [
        f"{starts[2 * i % 6]} in the failing {a[0]},  \nand nobody answered, not even the {a[1]};  \n"
        f"{starts[(2 * i + 1) % 6]} by the edge of the {b[0]},  \nand held it as one holds a {b[1]}."
        for i, (a, b) in enumerate(zip(pairs[:3], pairs[3:], strict=True))
    ]  # fmt: skip
    return f"**{topic[:1].upper()}{topic[1:]}**\n\n" + "\n\n".join(stanzas)


def _subject(prompt: Prompt) -> str:
    topic = re.sub(
        r"^(?:in\s+)?(?:at least\s+|about\s+)?\d[\d,]*[\s-]*words?\s*(?:essay\s*)?(?:about|on)?\s*",
        "",
        prompt.topic,
        flags=re.I,
    )
    return topic if topic and topic != "this" else "waiting"


def _paragraph(rng: random.Random, topic: str, room: int) -> str:
    sentences: list[str] = []
    words = 0
    for _ in range(rng.randint(4, 6)):
        if words >= room:
            break
        sentence = _sentence(rng, topic)
        sentences.append(sentence)
        words += len(sentence.split())
    return " ".join(sentences)


def _sentence(rng: random.Random, topic: str) -> str:
    kind = rng.random()
    if kind < 0.4:
        return f"{rng.choice(_WHO)} {rng.choice(_DOES)} {rng.choice(_THAT).replace('{t}', topic)}."
    if kind < 0.8:
        return f"{rng.choice(_TURN)}, {rng.choice(_CLAIM)}."
    return rng.choice(_IMAGE)


def paragraph(rng: random.Random, topic: str) -> str:
    """One paragraph of the essay kind, for whoever needs plenty of plausible prose."""
    return _paragraph(rng, topic, 10_000)
