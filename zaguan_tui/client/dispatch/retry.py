"""Retry policy: which failed calls are repeated, and after what wait (wire reference §12 "Ours", proposal).

Reads are repeated on every failure that may pass, and as long as no connection stands for at least four
seconds: a gateway that restarts is away for so long. Generations only if they were certainly not processed:
the connection never stood, 429, 503, 529, or the server says ``x-should-retry: true``. Acts only on a
connection that never stood and on 429. Lost credits never. A wait the server asks for is kept up to 120 s;
a longer one ends the retries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from zaguan_tui.client.catalogue.endpoint import CallClass
from zaguan_tui.client.dispatch.rate_limits import parse_duration
from zaguan_tui.client.errors.exceptions import APIError, ErrorKind, TransportError, TransportReason

_NOT_PROCESSED = frozenset({429, 503, 529})
"""Statuses with which a server says that it did not begin the work."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how patiently. Waits double from ``base`` to ``cap`` seconds (source: oai-py, ant).

    Chance takes up to ``jitter`` of a wait away, so that many clients do not come back at the same moment.
    For reads whose connection never stood, the waits (up to ``connect_cap``) go on over ``connect_span``.
    """

    base: float = 0.5
    cap: float = 8.0
    jitter: float = 0.25
    longest_wait: float = 120.0
    connect_cap: float = 2.0
    connect_span: float = 4.0

    def wait_after(
        self,
        error: APIError,
        call_class: CallClass,
        attempt: int,
        max_retries: int,
        chance: float,
        elapsed: float | None = None,
    ) -> float | None:
        """Seconds to wait after failed attempt number ``attempt`` (from 1); ``None``: give up now.

        ``chance`` is a random number, 0 ≤ x < 1. ``elapsed`` is how many seconds the call has taken; without
        it ``max_retries`` is the last word for connections too.
        """
        if not is_repeatable(error, call_class):
            return None
        if elapsed is not None and call_class is CallClass.READ and _never_connected(error):
            over = attempt > max_retries and elapsed >= self.connect_span
            return None if over else min(self.backoff(attempt, chance), self.connect_cap)
        if attempt > max_retries:
            return None
        if error.retry_after is None:
            return self.backoff(attempt, chance)
        return error.retry_after if error.retry_after <= self.longest_wait else None

    def backoff(self, attempt: int, chance: float) -> float:
        """Our own wait after attempt ``attempt``: 0.5, 1, 2, 4, 8, 8 … seconds before jitter."""
        doublings = min(attempt - 1, 32)
        return min(self.base * 2.0**doublings, self.cap) * (1.0 - self.jitter * chance)


def is_repeatable(error: APIError, call_class: CallClass) -> bool:
    """Whether a call of this class may go out again after ``error`` without a person's word."""
    if error.kind is ErrorKind.INSUFFICIENT_CREDITS or error.should_retry is False:
        return False
    if isinstance(error, TransportError):
        return call_class is CallClass.READ or not error.sent
    if error.status is None or error.status < 400:
        return False
    if call_class is CallClass.ACT:
        return error.status == 429
    if error.should_retry:
        return True
    if call_class is CallClass.GENERATION:
        return error.status in _NOT_PROCESSED
    return error.retryable


def _never_connected(error: APIError) -> bool:
    return isinstance(error, TransportError) and not error.sent and error.reason is not TransportReason.POOL


def read_retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """The server's wait in seconds: ``retry-after-ms``, then ``retry-after`` as seconds or HTTP date.

    ``headers`` has lower-case names, ``now`` is aware. Zero, past and unreadable waits are ``None``.
    """
    milliseconds = _positive(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after")
    seconds = _positive(text)
    if seconds is not None or not text:
        return seconds
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    wait = (moment - now).total_seconds()
    return wait if wait > 0 else None


def body_retry_after(details: Mapping[str, object]) -> float | None:
    """The wait named in an error body: seconds, or a text such as ``"2.5"`` or ``"1m"`` (Zaguan)."""
    value = details.get("retry_after")
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    seconds = parse_duration(str(value))
    return seconds if seconds is not None and seconds > 0 else None


def should_retry_header(headers: Mapping[str, str]) -> bool | None:
    """``x-should-retry`` as the server gave it; ``None`` if absent or another word."""
    return {"true": True, "false": False}.get(headers.get("x-should-retry", "").strip().lower())


def _positive(text: str | None) -> float | None:
    try:
        number = float(text) if text else 0.0
    except ValueError:
        return None
    return number if 0 < number < float("inf") else None
