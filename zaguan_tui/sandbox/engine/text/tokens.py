"""Count tokens without a vocabulary: a stated estimate, the same everywhere in the sandbox.

The rule. A token is one of: up to nine letters with the space before them; up to three digits with the space
before them; one CJK, kana or hangul character; up to four other signs with the space before them; one
underscore; a run of up to eight line breaks; a run of up to eight other blanks. On English prose and on code
this is within about ten per cent of the byte-pair encodings in use; on CJK it is somewhat high.
Pieces are cut from left to right and never depend on what follows them, so a text cut between two
pieces has exactly the pieces that were kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from zaguan_tui.sandbox.engine.text.message_parts import IMAGE_TYPES, part_text, parts_of

_CJK = "\u2e80-\u30ff\u3100-\u4dbf\u4e00-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_PIECE = re.compile(
    rf"[{_CJK}]| ?[^\W\d_{_CJK}]{{1,9}}| ?\d{{1,3}}| ?[^\s\w{_CJK}]{{1,4}}|_|\n{{1,8}}|[^\S\n]{{1,8}}"
)

PER_MESSAGE = 3
"""Tokens that the framing of one message costs."""
PER_REPLY = 3
"""Tokens that open the answer."""
PER_IMAGE = 765
"""Tokens of a picture of ordinary size: four tiles of 170 and 85 for the overview."""


def pieces(text: str) -> tuple[str, ...]:
    """`text` cut into token-like pieces; joined they are `text` again."""
    return tuple(_PIECE.findall(text))


def count_tokens(text: str) -> int:
    """The number of tokens in `text` by the rule of this module."""
    return sum(1 for _ in _PIECE.finditer(text))


def count_message_tokens(messages: Sequence[Mapping[str, object]]) -> int:
    """The tokens of a prompt: contents, names, tool calls, pictures, and the framing of every message."""
    return PER_REPLY + sum(_message(message) for message in messages)


def _message(message: Mapping[str, object]) -> int:
    total = PER_MESSAGE + count_tokens(str(message.get("role", "")))
    for part in parts_of(message.get("content")):
        total += PER_IMAGE if part.get("type") in IMAGE_TYPES else count_tokens(part_text(part))
    name = message.get("name")
    if isinstance(name, str):
        total += count_tokens(name) + 1
    calls = message.get("tool_calls")
    if calls:
        total += count_tokens(str(calls)) // 2
    return total
