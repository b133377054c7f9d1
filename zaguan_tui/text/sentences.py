"""Parts of sentences for people: short quotes of foreign text, and spans of time in the fewest words."""

from __future__ import annotations

MAX_LENGTH = 200
"""Characters of a foreign text that a sentence may carry."""

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


def quote(text: object, longest: int = MAX_LENGTH) -> str:
    """``text`` on one line with single spaces, cut to ``longest`` characters with an ellipsis.

    Control sequences stay in it; whoever shows it passes it through :mod:`.sanitize`.
    """
    if text is None:
        return ""
    raw = str(text)[: longest * 8]
    line = " ".join(raw.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def end_sentence(text: str) -> str:
    """``text`` ending in exactly one mark that ends a sentence."""
    stripped = text.rstrip()
    return stripped if stripped.endswith((".", "!", "?", "…")) else f"{stripped}."


def format_span(seconds: float) -> str:
    """A span of time as a person says it: 12 s, 3 min, 2 h 5 min, 4 d; "under 1 s" only when not zero."""
    whole = round(seconds)
    if whole < 1:
        return "0 s" if seconds <= 0 else "under 1 s"
    if whole < 2 * _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min"
    if whole < _DAY:
        hours, minutes = divmod(whole // _MINUTE, 60)
        return f"{hours} h" + (f" {minutes} min" if minutes else "")
    days, rest = divmod(whole, _DAY)
    return f"{days} d" + (f" {rest // _HOUR} h" if rest >= _HOUR and days < 3 else "")
