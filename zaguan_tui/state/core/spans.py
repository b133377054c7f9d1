"""Spans of time in the fewest words: 12 s, 3 min, 2 h 5 min, 4 d."""

from __future__ import annotations

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


def format_span(seconds: float) -> str:
    """``seconds`` as a person says it; below a second it is "under 1 s" only when not zero."""
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
