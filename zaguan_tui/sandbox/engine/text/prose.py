"""Long writing: essays to a number of words, stories, poems."""

from __future__ import annotations

import random
import re

from zaguan_tui.sandbox.data.knowledge import prose
from zaguan_tui.sandbox.engine.text.prompt import Prompt
from zaguan_tui.sandbox.engine.text.sentence_deck import deck, filled, titled

_WORDS = re.compile(r"\b(\d[\d,]*)[\s-]*(?:words?)\b", re.I)
_LONG = re.compile(
    r"\b(?:essay|article|report|blog post|speech|long (?:text|answer|story)|at length)\b", re.I
)
_STORY = re.compile(r"\b(?:story|tale|fairy tale)\b", re.I)
_HAIKU = re.compile(r"\bhaiku\b", re.I)
_POEM = re.compile(r"\b(?:poem|verse|sonnet|limerick|rhyme)\b", re.I)
_LETTER = re.compile(
    r"\b(?:e-?mail|letter)\b(?:\s+to\s+(?:my |the |our |a "
    r")?(\w+))?(?:.{0,20}?\b(?:about|on|regarding)\s+([^\n]{1,80}))?",
    re.I,
)
_LENGTH = re.compile(r"^(?:in |at least |about )*\d[\d,]*[\s-]*words?\s*(?:essay\s*)?(?:about|on)?\s*", re.I)
_MAX_LENGTH = 30_000
_WORDS_WITHOUT_HEADINGS = 250


class Essayist:
    """Writes sentences about one topic, never the same twice in a row."""

    def __init__(self, rng: random.Random, topic: str) -> None:
        self._rng = rng
        self._topic = topic
        roles = ("who", "does", "that", "turn", "claim", "image", "heads")
        self._decks = {role: deck(rng, "essay", role) for role in roles}

    def heading(self) -> str:
        """A heading of the second level."""
        return f"## {self._decks['heads'].draw()}"

    def sentence(self) -> str:
        """One sentence."""
        draw = {role: one.draw for role, one in self._decks.items()}
        kind = self._rng.random()
        if kind < 0.4:
            return f"{draw['who']()} {draw['does']()} {filled(draw['that'](), self._topic)}."
        return f"{draw['turn']()}, {draw['claim']()}." if kind < 0.8 else draw["image"]()

    def paragraph(self, max_words: int = 10_000) -> str:
        """Four to six sentences, fewer once `room` words are written."""
        sentences: list[str] = []
        words = 0
        for _ in range(self._rng.randint(4, 6)):
            if words >= max_words:
                break
            sentences.append(self.sentence())
            words += len(sentences[-1].split())
        return " ".join(sentences)


def essay(prompt: Prompt) -> str | None:
    """An essay as long as asked: `write 2000 words about tides` gives 2,000, give or take a sentence."""
    asked = _WORDS.search(prompt.text)
    if not asked and not _LONG.search(prompt.text):
        return None
    wanted = min(int(asked[1].replace(",", "")[:6]), _MAX_LENGTH) if asked else 700
    topic = _subject(prompt)
    writer = Essayist(prompt.rng, f"the matter of {topic}" if topic.endswith("s") else topic)
    parts = [f"# {titled(topic)}"]
    written = len(topic.split())
    while written < wanted:
        if wanted > _WORDS_WITHOUT_HEADINGS:
            parts.append(writer.heading())
            written += len(parts[-1].split()) - 1
        for _ in range(3):
            if written < wanted:
                parts.append(writer.paragraph(wanted - written))
                written += len(parts[-1].split())
    return "\n\n".join(parts)


def story(prompt: Prompt) -> str | None:
    """A very short story, with the user in it if the user has a name."""
    if not _STORY.search(prompt.text):
        return None
    rng, topic, kept = prompt.rng, _subject(prompt), prose()
    places = {
        "{place}": deck(rng, "story", "places").draw(),
        "{hero}": prompt.name or deck(rng, "story", "heroes").draw(),
        "{knock}": deck(rng, "story", "knocks").draw(),
        "{image}": deck(rng, "essay", "image").draw(),
    }
    text = kept.story
    for place, words in places.items():
        text = text.replace(place, words)
    return f"# {titled(topic)}\n\n{filled(text, topic)}"


def letter(prompt: Prompt) -> str | None:
    """A short letter or e-mail to whoever is named."""
    found = _LETTER.search(prompt.text)
    if not found:
        return None
    reader = (found[1] or "team").strip()
    about = (found[2] or "our next step").strip(" .?!")
    kept = prose().letter.replace("{reader}", titled(reader)).replace("{writer}", prompt.name or "Your name")
    return filled(kept, about)


def poem(prompt: Prompt) -> str | None:
    """A haiku or a poem of three stanzas."""
    rng, topic = prompt.rng, _subject(prompt)
    if _HAIKU.search(prompt.text):
        first, last = deck(rng, "verse", "haiku_first").draw(), deck(rng, "verse", "haiku_last").draw()
        return f"*{first},*  \n*{topic}, and nobody there:*  \n*{last}.*"
    if not _POEM.search(prompt.text):
        return None
    stanzas = deck(rng, "verse", "stanzas")
    verses = [filled(stanzas.draw(), topic).replace("\n", "  \n") for _ in range(3)]
    return f"**{titled(topic)}**\n\n" + "\n\n".join(verses)


def _subject(prompt: Prompt) -> str:
    topic = _LENGTH.sub("", prompt.topic_with_article)
    return topic if topic and topic != "this" else "waiting"
