"""Read a conversation for the text engine: the last request, its topic, and the turns before it."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.seeds import stream
from zaguan_tui.sandbox.engine.text.message_parts import AUDIO_TYPES, IMAGE_TYPES, content_text, parts_of

_NAME = re.compile(
    r"\b(?:my name is|my name's|i am called|call me|me llamo|"
    r"je m'appelle|ich hei(?:ß|ss)e)\s+([^\W\d_][\w'’-]*)",
    re.IGNORECASE,
)
_BARE_NAME = re.compile(r"\bI(?:'m|’m| am)\s+([A-Z][a-z][\w'’-]*)")
_CJK_NAME = re.compile(
    r"(?:我叫|我的名字是|私の名前は|제 이름은)\s*([^\s，。、！!？?,.]{1,12}?)"
    r"(?:です|입니다|이에요|$|[\s，。、！!,.])"
)
_COURTESY = re.compile(
    r"^(?:(?:please|hey|hi|hello|ok|okay|so|and|now|(?:can|could|would) you|i want you to|help me(?: to)?)"
    r"\b[,\s]*)+",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"^(?:explain(?: to me)?|describe|define|summari[sz]e|discuss|"
    r"(?:tell me|teach me)(?: more)?(?: about)?|"
    r"(?:write|give|make|plan|compose|draft|create|show|list)(?: me)?)\b\s*",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"^(?:what(?:'s| is| are| was| were| does)|who(?: is| was|'s)|"
    r"(?:how|why) (?:do|does|did|can|should|to|would|is|are)|which is|how|why|what|when|where)\b\s*"
    r"(?:(?:i|you|we|one)\s+)?",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"^(?:(?:a|an|the|some|short|long|brief|detailed|quick|about|\d[\d,]*[- ]words?|\d+)\s+)*"
    r"(?:essay|article|report|text|paragraphs?|words|story|poem|haiku|limerick|blog post|overview|summary|"
    r"introduction|explanation|rows?|list|table|comparison|"
    r"letter|speech)\b(?:\s+(?:about|on|of|for|to|with))?\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[\s,]*(?:\b(?:please|do|work(?:s|ed|ing)?|mean|means|to "
    r"a (?:child|five[- ]year[- ]old|beginner)|like i'm five|"
    r"in simple terms|in (?:a|one) table|in detail|step by step|in (?:one|two|"
    r"three|\d[\d,]*) (?:words?|sentences?|paragraphs?|lines?))"
    r"\b)?[\s.?!:]*$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:about|on|of|is|are|a|an|the)\s+", re.IGNORECASE)
_EXCERPT = 1000
"""Characters of a message that responders search."""
_NO_NAMES = frozenset({"a", "an", "the", "not", "back", "when", "if", "later"})
_FOLLOW_UP = re.compile(
    r"^\W*(?:why|more|go on|continue|and then|another(?: "
    r"one)?|again|shorter|longer|really|how so|tell me more|"
    r"(?:give me )?an example|explain(?: that| it| more)?|what about it|simpler|elaborate)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request with its conversation. `rng` is the answer's only source of randomness."""

    whole: str
    """The last user message."""
    text: str
    """The part of it that responders search: all of it, or both ends of a long one."""
    earlier: tuple[str, ...]
    """The user's earlier messages, oldest first."""
    answers: tuple[str, ...]
    """The model's earlier messages, oldest first."""
    system: str
    user_name: str | None
    images: int
    recordings: int
    model: ModelData
    rng: random.Random

    @property
    def topic(self) -> str:
        """What the request is about, in the user's own words; a bare follow-up is about the turn before."""
        return topic_of(self._topic_source)

    @property
    def topic_with_article(self) -> str:
        """The same with the article it came with: `a lost key`."""
        return topic_of(self._topic_source, article=True)

    @property
    def _topic_source(self) -> str:
        return self.earlier[-1] if self.earlier and self.is_follow_up else self.text

    @property
    def is_follow_up(self) -> bool:
        """Whether the message only makes sense after the one before (`why?`, `go on`)."""
        return bool(_FOLLOW_UP.match(self.text))


def read_prompt(messages: Sequence[Mapping[str, object]], model: ModelData, seed: int) -> Prompt:
    """The conversation as a `Prompt`; malformed messages count as empty ones."""
    requests = [m for m in messages if m.get("role") in ("user", "tool", "function")]
    texts = [content_text(m.get("content")) for m in requests]
    last_parts = parts_of(requests[-1].get("content")) if requests else ()
    whole = texts[-1].strip() if texts else ""
    text = _both_ends(whole)
    return Prompt(
        whole=whole,
        text=text,
        earlier=tuple(texts[:-1]),
        answers=tuple(content_text(m.get("content")) for m in messages if m.get("role") == "assistant"),
        system="\n".join(
            content_text(m.get("content")) for m in messages if m.get("role") in ("system", "developer")
        ),
        user_name=_find_name(texts),
        images=sum(part.get("type") in IMAGE_TYPES for part in last_parts),
        recordings=sum(part.get("type") in AUDIO_TYPES for part in last_parts),
        model=model,
        rng=stream(seed, "text", model.id, json.dumps(list(messages), sort_keys=True, default=str)),
    )


def topic_of(text: str, *, article: bool = False) -> str:
    """The subject of a request: its first line without the words that ask, at most 80 characters.

    With `article` a leading `a` or `the` stays.
    """
    line = next((line for line in text[:_EXCERPT].splitlines() if line.strip()), "").strip()
    topic = line
    for lead in (_COURTESY, _REQUEST, _QUESTION, _KIND):
        topic = lead.sub("", topic, count=1)
    topic = _TAIL.sub("", topic)
    if not article:
        topic = _ARTICLE.sub("", topic)
    return (topic.strip(" \t.?!,:;\"'“”") or "this")[:80]


def capitalize(text: str) -> str:
    """`text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def _both_ends(text: str) -> str:
    # A pasted document has its question before or after it; patterns would take long for the middle.
    return text if len(text) <= _EXCERPT else f"{text[: _EXCERPT // 2]}\n{text[-_EXCERPT // 2 :]}"


def _find_name(texts: Sequence[str]) -> str | None:
    for text in reversed(texts):
        for match in (*_NAME.finditer(text), *_BARE_NAME.finditer(text), *_CJK_NAME.finditer(text)):
            if match[1].casefold() not in _NO_NAMES:
                return match[1]
    return None
