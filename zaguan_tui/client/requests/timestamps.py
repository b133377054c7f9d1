"""Timestamps as arguments: checks, and RFC 3339 text for queries."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.sentences import describe_value

Timestamp = datetime | date | str
"""An aware datetime, a day, or either as ISO text."""


def format_timestamp(field: str, value: Timestamp | None) -> str | None:
    """``value`` as it goes into a query; raises :class:`ArgumentError` for what no server could read.

    A day stays a day; a datetime must say its offset and goes out as UTC.
    """
    if value is None:
        return None
    moment = _read(field, value)
    if not isinstance(moment, datetime):
        return moment.isoformat()
    try:
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:
        raise ArgumentError(
            field, f"is {describe_value(value)}", "a time within the years 1 to 9999 in UTC"
        ) from None


def range_start(field: str, value: Timestamp | None) -> datetime | None:
    """The first instant that ``value`` means: the start of a day, or the datetime itself."""
    return None if value is None else _bound(_read(field, value), time.min)


def range_end(field: str, value: Timestamp | None) -> datetime | None:
    """The last instant that ``value`` means: the end of a day (UTC), or the datetime itself."""
    return None if value is None else _bound(_read(field, value), time.max)


def _bound(moment: datetime | date, edge: time) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, edge, UTC)


def _read(field: str, value: Timestamp) -> datetime | date:
    allowed = "a day (2026-11-20) or a time with its offset (2026-11-20T14:30:00Z)"
    moment: datetime | date
    if isinstance(value, str):
        try:
            text = value.strip()
            moment = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
        except ValueError:
            raise ArgumentError(field, f"is {describe_value(value)}", allowed) from None
    else:
        moment = value
    if isinstance(moment, datetime) and moment.tzinfo is None:
        raise ArgumentError(field, "has no offset", allowed)
    return moment
