"""What the text engine knows: read from the files under `talk/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from zaguan_tui.sandbox.data.table_reader import TableReader

_TALK = Path(__file__).parent / "talk"


@dataclass(frozen=True, slots=True)
class Voice:
    """How a family of models opens and closes what it says."""

    name: str
    match: tuple[str, ...]
    """Words looked for in a model's id; empty matches everything."""
    hello: tuple[str, ...]
    open: tuple[str, ...]
    close: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that can be explained: what it is, how it works, what to watch, and the steps."""

    names: tuple[str, ...]
    what: str
    how: str
    watch: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Small knowledge: jokes, facts, capitals, translations by phrase and language, members of lists."""

    jokes: tuple[str, ...]
    facts: tuple[str, ...]
    capitals: Mapping[str, str]
    translations: Mapping[str, Mapping[str, str]]
    lists: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Programs:
    """Programs by task and language, the words that pick a task, and a start for any other."""

    words: Mapping[str, tuple[str, ...]]
    sources: Mapping[str, Mapping[str, str]]
    skeletons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Prose:
    """Sentences to compose from, by subject and role; `{t}` in them stands for the topic."""

    decks: Mapping[str, Mapping[str, tuple[str, ...]]]
    parts: Mapping[str, str]
    """Headings of an explanation and their paragraphs."""
    note: str
    """What is said honestly below an explanation of something unknown."""
    story: str
    help: str
    """What the engine can do, for whoever asks."""
    letter: str


@lru_cache(maxsize=1)
def voices() -> tuple[Voice, ...]:
    """Every voice, most particular first; the last one matches any model."""
    return tuple(
        Voice(
            name=row.text("name"),
            match=row.words("match"),
            hello=row.strings("hello"),
            open=row.strings("open"),
            close=row.strings("close"),
        )
        for row in _sheet("voices.toml").tables("voice")
    )


@lru_cache(maxsize=1)
def topics() -> tuple[Topic, ...]:
    """Every topic the sandbox can explain from knowledge."""
    return tuple(
        Topic(
            names=tuple(name.strip() for name in row.text("names").split(",")),
            what=row.text("what"),
            how=row.text("how"),
            watch=row.text("watch"),
            steps=row.strings("steps"),
        )
        for row in _sheet("topics.toml").tables("topic")
    )


@lru_cache(maxsize=1)
def phrases() -> Phrases:
    """The small knowledge."""
    sheet = _sheet("phrases.toml")
    spoken = sheet.table("translations")
    lists = sheet.table("lists")
    return Phrases(
        jokes=sheet.strings("jokes"),
        facts=sheet.strings("facts"),
        capitals=_texts(sheet.table("capitals")),
        translations={phrase: _texts(spoken.table(phrase)) for phrase in spoken.values},
        lists={name: lists.strings(name) for name in lists.values},
    )


@lru_cache(maxsize=1)
def programs() -> Programs:
    """The programs a request for code is answered with."""
    sheet = _sheet("code.toml")
    words = sheet.table("words")
    return Programs(
        words={task: words.words(task) for task in words.values},
        sources={task: _texts(sheet.table(task)) for task in words.values},
        skeletons=_texts(sheet.table("skeleton")),
    )


@lru_cache(maxsize=1)
def prose() -> Prose:
    """The sentences explanations, essays, stories, verses and thoughts are made of."""
    sheet = _sheet("prose.toml")
    explain, story = sheet.table("explain"), sheet.table("story")
    return Prose(
        decks={
            subject: {
                role: section.strings(role)
                for role, value in section.values.items()
                if isinstance(value, list)
            }
            for subject, section in ((name, sheet.table(name)) for name in sheet.values)
        },
        parts=_texts(explain.table("parts")),
        note=explain.text("note"),
        story=story.text("text"),
        help=sheet.table("chat").text("help"),
        letter=sheet.table("chat").text("letter"),
    )


@lru_cache(maxsize=4)
def page(name: str) -> str:
    """A ready-made Markdown page of `talk/`, without its last line break."""
    return (_TALK / f"{name}.md").read_text(encoding="utf-8").rstrip("\n")


def _texts(section: TableReader) -> dict[str, str]:
    return {key: section.text(key) for key in section.values}


def _sheet(name: str) -> TableReader:
    return TableReader(name, "", tomllib.loads((_TALK / name).read_text(encoding="utf-8")))
