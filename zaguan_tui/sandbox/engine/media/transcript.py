"""Transcribe a recording into timed segments and words: its comment's text, else an invented one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from zaguan_tui.sandbox.engine.media.audio import Recording
from zaguan_tui.sandbox.engine.seeds import stream

_SENTENCES = (
    "Let's look at the numbers from last week.",
    "The gateway was quiet until about four o'clock.",
    "Then one of the providers slowed down.",
    "We switched the route and nobody noticed.",
    "I think we should write that down somewhere.",
    "The batch finished an hour earlier than planned.",
    "Can you send me the report before lunch?",
    "It costs less than we thought it would.",
    "We will try the smaller model first.",
    "That is all from me, thank you.",
)
_WORDS_A_SECOND = 2.4
_SEGMENT_WORDS = 9


@dataclass(frozen=True, slots=True)
class Word:
    """One word and when it is said, in seconds."""

    word: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A few words that belong together."""

    number: int
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words with blanks between them."""
        return " ".join(word.word for word in self.words)

    @property
    def start(self) -> float:
        """When the first word begins."""
        return self.words[0].start

    @property
    def end(self) -> float:
        """When the last word ends."""
        return self.words[-1].end


def transcribe(recording: Recording, data: bytes) -> list[Segment]:
    """Segments that fill the recording's length."""
    words = (recording.text or _invent_text(recording, data)).split() or ["…"]
    letters = sum(len(word) + 1 for word in words)
    at, timed = 0.0, []
    for word in words:
        length = recording.seconds * (len(word) + 1) / letters
        timed.append(Word(word, round(at, 2), round(at + length * 0.9, 2)))
        at += length
    chunks = range(0, len(timed), _SEGMENT_WORDS)
    return [Segment(number, tuple(timed[at : at + _SEGMENT_WORDS])) for number, at in enumerate(chunks)]


def subtitles(segments: Sequence[Segment], form: str) -> str:
    """The segments as SRT or VTT."""
    mark = "," if form == "srt" else "."
    blocks = []
    for segment in segments:
        number = f"{segment.number + 1}\n" if form == "srt" else ""
        times = f"{_time(segment.start, mark)} --> {_time(segment.end, mark)}"
        blocks.append(f"{number}{times}\n{segment.text}\n")
    return ("WEBVTT\n\n" if form == "vtt" else "") + "\n".join(blocks)


def _invent_text(recording: Recording, data: bytes) -> str:
    rng = stream(0, "transcript", blake2b(data, digest_size=8).hexdigest())
    count = max(2, math.ceil(recording.seconds * _WORDS_A_SECOND))
    words: list[str] = []
    while len(words) < count:
        words += rng.choice(_SENTENCES).split()
    return " ".join(words[:count])


def _time(seconds: float, mark: str) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{mark}{thousandths:03d}"
