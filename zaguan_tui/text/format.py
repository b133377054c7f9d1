"""Formats figures: credits, tokens, money, rates, shares, durations, ages, moments.

Every function takes ``None`` (and NaN) for *not known* and answers ``–``: a missing figure is never a zero.
Nothing here is padded; ``text.cells.right`` and its sisters set a figure into a column.
"""

from __future__ import annotations

import math
from datetime import datetime, tzinfo
from typing import Final, TypeGuard

MISSING: Final = "–"
"""What stands for a figure that is not known."""

_SCALES: Final = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86_400


def compact(value: float | None) -> str:
    """A count in at most five characters: ``812``, ``1.2k``, ``200k``, ``12.3M``."""
    if not _known(value):
        return MISSING
    size = abs(value)
    for index, (scale, suffix) in enumerate(_SCALES):
        if size >= scale * 0.99995:
            shown = f"{value / scale:.1f}" if size < scale * 99.95 else f"{value / scale:.0f}"
            if shown.lstrip("-") == "1000" and index:
                scale, suffix = _SCALES[index - 1]
                shown = f"{value / scale:.1f}"
            return shown.removesuffix(".0") + suffix
    return f"{value:.0f}" if float(value).is_integer() or size >= 100 else _significant(value, 3)


def tokens(count: float | None) -> str:
    """A number of tokens: ``812``, ``1.2k``, ``12.3M``."""
    return compact(count)


def count(number: float | None) -> str:
    """A whole number with its thousands apart: ``12,345``."""
    return f"{number:,.0f}" if _known(number) else MISSING


def credits(amount: float | None) -> str:  # noqa: A001 - the word of the subject; the builtin is for the REPL
    """An amount of credits: ``12,345``, ``1,234.5``, ``0.0042``; never rounded down to nought."""
    if not _known(amount):
        return MISSING
    if float(amount).is_integer() or abs(amount) >= 100_000:
        return f"{amount:,.0f}"
    if abs(amount) >= 1:
        return f"{amount:,.2f}".rstrip("0").rstrip(".")
    return _significant(amount, 2)


def usd(amount: float | None) -> str:
    """An amount in US dollars: ``$1,234.50``, ``$0.15``, ``$0.00042``."""
    if not _known(amount):
        return MISSING
    sign, size = ("-" if amount < 0 else ""), abs(amount)
    if size == 0 or size >= 0.1:
        return f"{sign}${size:,.2f}"
    return f"{sign}${_significant(size, 2)}"


def percent(fraction: float | None, of: float | None = None, *, digits: int = 1) -> str:
    """A share with what it is a share of: ``1.2 % of 812``; ``fraction`` is 0..1, ``of`` the denominator.

    A share of nothing is not known. A small share that is not nought reads ``<0.1 %``, one that is not all
    never reads ``100 %``.
    """
    if not _known(fraction) or (of is not None and of == 0):
        return MISSING
    least = 10.0**-digits
    value = fraction * 100
    if 0 < value < least:
        shown = f"<{least:.{digits}f}"
    elif 100 - least < value < 100:
        shown = f">{100 - least:.{digits}f}"
    else:
        shown = f"{value:.{digits}f}"
        shown = shown.removesuffix("." + "0" * digits) if value in (0, 100) else shown
    return f"{shown} %" if of is None else f"{shown} % of {count(of)}"


def rate(value: float | None, unit: str = "") -> str:
    """So many a second: ``0.4/s``, ``87 tok/s`` with ``unit="tok"``, ``1.2k tok/s``."""
    if not _known(value):
        return MISSING
    shown = compact(value) if value >= 1000 else f"{value:.0f}" if value >= 99.95 else f"{value:.1f}"
    return f"{shown} {unit}/s" if unit else f"{shown}/s"


def tokens_per_second(value: float | None) -> str:
    """A model's pace: ``87.3 tok/s``."""
    return rate(value, "tok")


def milliseconds(ms: float | None) -> str:
    """A latency given in milliseconds: ``0.8 ms``, ``412 ms``, ``1.24 s``, ``12.4 s``, ``2 min 05``."""
    if not _known(ms):
        return MISSING
    if ms < 9.95:
        return f"{ms:.1f} ms".replace(".0 ", " ")
    if ms < 999.5:
        return f"{ms:.0f} ms"
    if ms < 9_995:
        return f"{ms / 1000:.2f} s"
    if ms < 59_950:
        return f"{ms / 1000:.1f} s"
    return duration(ms / 1000)


def latency(seconds: float | None) -> str:
    """A latency given in seconds, as ``milliseconds`` shows it; for TTFT and response times."""
    return milliseconds(None if seconds is None else seconds * 1000)


def duration(seconds: float | None) -> str:
    """A span of time: ``0.4 s``, ``4 s``, ``2 min``, ``2 min 05``, ``1 h 04``, ``3 d 04 h``."""
    if not _known(seconds):
        return MISSING
    if seconds < 0:
        return "-" + duration(-seconds)
    if 0 < seconds < 0.95:
        return f"{max(seconds, 0.1):.1f} s"
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        minutes, rest = divmod(whole, _MINUTE)
        return f"{minutes} min {rest:02d}" if rest else f"{minutes} min"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE:02d}"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR:02d} h"


def age(seconds: float | None) -> str:
    """How long ago: ``now``, ``4 s ago``, ``2 min ago``, ``1 h 04 ago``; the future is ``now`` too."""
    if not _known(seconds):
        return MISSING
    whole = int(max(0.0, seconds))
    if whole < 1:
        return "now"
    if _MINUTE <= whole < _HOUR:
        return f"{whole // _MINUTE} min ago"
    return f"{duration(whole)} ago"


def rough_age(seconds: float | None) -> str:
    """``age`` in steps: ``now`` below ten seconds, then tens of seconds, then minutes.

    For ages that stand on screen all day: they say the same, and move sixty times less.
    """
    if not _known(seconds) or seconds >= _MINUTE:
        return age(seconds)
    tens = int(seconds) // 10 * 10
    return f"{tens} s ago" if tens else "now"


def countdown(seconds: float | None) -> str:
    """Time left: ``0:18``, ``12:05``, ``1:02:03``; what is over is ``0:00``. A begun second counts whole."""
    if not _known(seconds):
        return MISSING
    whole = max(0, math.ceil(seconds))
    hours, minutes, rest = whole // _HOUR, whole % _HOUR // _MINUTE, whole % _MINUTE
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def size(octets: float | None) -> str:
    """A size in bytes: ``812 B``, ``1.2 kB``, ``3.4 MB`` (steps of 1,000)."""
    if not _known(octets):
        return MISSING
    if octets < 999.5:
        return f"{octets:.0f} B"
    shown = compact(octets)
    return f"{shown[:-1]} {shown[-1]}B"


def clock(at: datetime | None, zone: tzinfo | None = None) -> str:
    """A moment's time of day with its zone: ``14:03:22 CET``; ``zone`` ``None`` is this machine's."""
    return MISSING if at is None else _in_zone(at, zone).strftime("%H:%M:%S ") + zone_name(at, zone)


def moment(at: datetime | None, zone: tzinfo | None = None) -> str:
    """A moment with its day and zone: ``2026-03-01 14:03 CET``; ``zone`` ``None`` is this machine's."""
    return MISSING if at is None else _in_zone(at, zone).strftime("%Y-%m-%d %H:%M ") + zone_name(at, zone)


def zone_name(at: datetime, zone: tzinfo | None = None) -> str:
    """The name of the zone at that moment: ``CET``, ``UTC``; ``UTC+03:00`` for a bare offset."""
    name = _in_zone(at, zone).tzname() or ""
    return f"UTC{name}:00" if name[:1] in "+-" and len(name) == 3 else name


def _in_zone(at: datetime, zone: tzinfo | None) -> datetime:
    try:
        return at.astimezone(zone)
    except OverflowError:  # the year 1 or 9999, which servers write for "never": its zone has no such day
        return at


def _known(value: float | None) -> TypeGuard[float]:
    return value is not None and math.isfinite(value)


def _significant(value: float, digits: int) -> str:
    """``value`` (below 1,000) with so many significant digits and no trailing noughts, never in exponents."""
    if value == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:.{places}f}".rstrip("0").rstrip(".") if places else f"{value:.0f}"
