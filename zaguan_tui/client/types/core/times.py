"""Instants and durations as servers write them (`wire.md` 1.4, ``proposal``).

Instants become aware UTC datetimes; the many ways to say *never* (0, an empty text, Go's year one) become
``None``. Durations become milliseconds or seconds; the unit is in the text (``"412ms"``), else in the key
(``latency_s``), else the reader's own.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from zaguan_tui.client.types.core.primitives import amount, key_words, unreadable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SCALES = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))
"""From this size on a number is nanoseconds, microseconds, milliseconds since 1970; below it is seconds."""

_GO_ZERO_UNIX = -62135596800
"""Go's zero time as Unix seconds."""

_NUMERIC = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d{1,3})?")
_ZONE_NAME = re.compile(r"\s+(?:UTC|GMT|Z)$", re.IGNORECASE)
_SPACED_OFFSET = re.compile(r"\s+(?=[+-]\d{2}:?\d{2}$)")

_MS_OF_UNIT = {
    "ns": 1e-6,
    "us": 1e-3,
    "µs": 1e-3,
    "μs": 1e-3,
    "ms": 1.0,
    "s": 1e3,
    "sec": 1e3,
    "secs": 1e3,
    "second": 1e3,
    "seconds": 1e3,
    "m": 6e4,
    "min": 6e4,
    "mins": 6e4,
    "minute": 6e4,
    "minutes": 6e4,
    "h": 3.6e6,
    "hour": 3.6e6,
    "hours": 3.6e6,
    "d": 8.64e7,
    "day": 8.64e7,
    "days": 8.64e7,
}
_UNIT_OF_KEY = _MS_OF_UNIT | {"millis": 1.0, "millisecond": 1.0, "milliseconds": 1.0, "micros": 1e-3}
_NOT_A_UNIT_IN_A_KEY = frozenset({"m", "h", "d", "min"})
"""Too short or ambiguous at the end of a key (``latency_min`` is a minimum)."""

_PIECE = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*([a-zµμ]+)\s*", re.IGNORECASE)
_ISO = re.compile(
    r"P(?:(?P<d>[\d.]+)D)?(?:T(?:(?P<h>[\d.]+)H)?(?:(?P<m>[\d.]+)M)?(?:(?P<s>[\d.]+)S)?)?", re.IGNORECASE
)


def instant(value: Any, key: str = "") -> datetime | None:
    """An aware UTC time from Unix s/ms/µs/ns, ISO in its variants, a bare date, or an HTTP date."""
    if value is None:
        return None
    if isinstance(value, str):
        written = value.strip()
        if not written:
            return None
        if _NUMERIC.fullmatch(written) is None:
            return _written_instant(written)
    number = amount(value, key)
    return None if number is None else _unix_instant(number, value)


def _unix_instant(number: float, value: object) -> datetime | None:
    for size, scale in _SCALES:
        if abs(number) >= size:
            number /= scale
            break
    if number in (0, _GO_ZERO_UNIX):
        return None
    try:
        return _EPOCH + timedelta(seconds=number)
    except OverflowError:
        raise unreadable(value) from None


def _written_instant(written: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(written)
    except ValueError:
        instant = _loose_instant(written)
    if instant.year == 1:
        return None
    try:
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (OverflowError, ValueError):
        raise unreadable(written) from None


def _loose_instant(written: str) -> datetime:
    """ISO with a named zone, a detached offset or small letters; else an HTTP date."""
    plain = _SPACED_OFFSET.sub("", _ZONE_NAME.sub("", written))
    try:
        return datetime.fromisoformat(plain.upper())
    except ValueError:
        return _http_date(written)


def _http_date(written: str) -> datetime:
    # Imported late: it is seldom needed and pulls in sockets and locales.
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        raise unreadable(written) from None


def milliseconds(value: Any, key: str = "") -> float | None:
    """A duration in milliseconds; a bare number is milliseconds unless the key names another unit."""
    return _duration_ms(value, key, default=1.0)


def seconds(value: Any, key: str = "") -> float | None:
    """A duration in seconds; a bare number is seconds unless the key names another unit."""
    duration_ms = _duration_ms(value, key, default=1e3)
    return None if duration_ms is None else duration_ms / 1e3


def _duration_ms(value: Any, key: str, default: float) -> float | None:
    if isinstance(value, str):
        spelled = _spelled_ms(value.strip())
        if spelled is not None:
            return spelled
    number = amount(value, key)
    if number is None:
        return None
    scaled = number * _key_unit(key, default)
    if number < 0 or scaled == float("inf"):
        raise unreadable(value)
    return scaled


def _key_unit(key: str, default: float) -> float:
    last = key_words(key)[-1]
    if last in _NOT_A_UNIT_IN_A_KEY:
        return default
    return _UNIT_OF_KEY.get(last, default)


def _spelled_ms(written: str) -> float | None:
    """``1m30s``, ``412ms`` or ``PT30S`` in milliseconds; ``None`` when the text carries no unit."""
    iso = _ISO.fullmatch(written)
    if iso is not None and any(iso.groups()):
        return sum(
            (amount(part) or 0.0) * _MS_OF_UNIT[unit] for unit, part in iso.groupdict().items() if part
        )
    total, at = 0.0, 0
    while at < len(written):
        piece = _PIECE.match(written, at)
        if piece is None or piece[2].lower() not in _MS_OF_UNIT:
            return None
        total += (amount(piece[1]) or 0.0) * _MS_OF_UNIT[piece[2].lower()]
        at = piece.end()
    return total if at else None
