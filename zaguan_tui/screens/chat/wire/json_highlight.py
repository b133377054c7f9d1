"""JSON laid out and coloured, long strings folded, for reading. Foreign from the first letter to the last."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from textual.content import Content, Span

from zaguan_tui.text.format import count
from zaguan_tui.text.sanitize import clean

MAX_STRING_LENGTH: Final = 1_200
MAX_CHARACTERS: Final = 24_000

_PARTS: Final = re.compile(
    r'(?P<key>"(?:[^"\\\n]|\\.)*")(?=\s*:)|(?P<text>"(?:[^"\\\n]|\\.)*")'
    r"|(?P<word>\btrue\b|\bfalse\b|\bnull\b|-?\b\d[\d.eE+-]*)"
)
_COLORS: Final = {"key": "$ink-soft", "text": "$foreground", "word": "$primary"}


def indent_json(text: str) -> str:
    """``text`` as indented JSON where it is JSON, else as it is."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text


def highlight_json(text: str, most: int = MAX_CHARACTERS) -> Content:
    """``text`` for the screen: JSON with long strings folded, anything else as it is, cut after ``most``."""
    try:
        shown = json.dumps(_truncate_strings(json.loads(text)), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return Content.assemble(clean(text[:most]), _more(len(text) - most))
    cleaned = clean(shown[:most])
    spans = [
        Span(match.start(), match.end(), _COLORS[match.lastgroup])
        for match in _PARTS.finditer(cleaned)
        if match.lastgroup is not None
    ]
    return Content.assemble(Content(cleaned, spans=spans), _more(len(shown) - most))


def _more(characters: int) -> Content:
    if characters <= 0:
        return Content("")
    return Content.styled(f"\n… {count(characters)} more characters", "$ink-faint")


def _truncate_strings(value: Any) -> Any:
    """``value`` with pictures and other long strings cut; what is left out is said in them."""
    if isinstance(value, str) and len(value) > MAX_STRING_LENGTH:
        return (
            f"{value[: MAX_STRING_LENGTH // 2]}… {count(len(value) - MAX_STRING_LENGTH // 2)} more characters"
        )
    if isinstance(value, list):
        return [_truncate_strings(item) for item in value]
    if isinstance(value, dict):
        return {key: _truncate_strings(item) for key, item in value.items()}
    return value
