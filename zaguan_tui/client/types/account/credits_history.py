"""`GET /v1/credits/history`: one page of debits (`wire.md` 5.3, D8 to D12; Zaguan SDKs).

Paging itself is the client's; a page says here all that its three dialects can say about the way on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zaguan_tui.client.types.core.base import Answer, Drift, FieldTable, content_id, known_word, numbered_id
from zaguan_tui.client.types.core.envelopes import Listing, ListRules, read_entries, unwrap_list
from zaguan_tui.client.types.core.primitives import (
    UnreadableValue,
    amount,
    count,
    describe,
    filled_text,
    flag,
    identifier,
    text,
)
from zaguan_tui.client.types.core.times import instant, milliseconds

SUCCESS = "success"
ERROR = "error"
RATE_LIMITED = "rate_limited"
UNKNOWN = "unknown"

_STATUS_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("success", "completed", "succeeded", "ok", "complete"), SUCCESS),
    **dict.fromkeys(("error", "failed", "failure"), ERROR),
    **dict.fromkeys(("rate_limited", "throttled", "429", "ratelimited"), RATE_LIMITED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditEntry:
    """One request as the ledger has it.

    ``request_id`` is our ``X-Request-Id`` or the completion id, depending on the server: match either.
    ``cost`` is USD, ``credits_debited`` credits (0 on errors), ``latency_ms`` milliseconds. ``status`` is
    success, error, rate_limited or the server's own word (``unknown`` when it sent none). ``None`` is *not
    said*.
    """

    id: str
    timestamp: datetime
    request_id: str | None = None
    model: str | None = None
    provider: str | None = None
    band: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int | None = None
    total_tokens: int | None = None
    credits_debited: float | None = None
    cost: float | None = None
    latency_ms: float | None = None
    status: str = UNKNOWN
    status_raw: str = field(default="", compare=False)
    error_message: str | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditsHistoryPage(Answer):
    """One page, newest first as servers send it. ``dialect``: go (cursor), python (cursor), ts (pages).

    ``total`` counts all rows of the query. The way on is ``next_cursor``, else ``page`` with ``page_size``,
    else ``offset`` (of this page's first row, from 0) or ``next_offset``.
    """

    data: tuple[CreditEntry, ...] = ()
    total: int | None = None
    has_more: bool | None = None
    next_cursor: str | None = None
    page: int | None = None
    page_size: int | None = None
    offset: int | None = None
    next_offset: int | None = None

    @property
    def is_dead_end(self) -> bool:
        """Whether the server says that there is more but not how to get it: what we have is partial."""
        ways = (self.next_cursor, self.page, self.offset, self.next_offset)
        return self.has_more is True and all(way is None for way in ways)


_ENTRY = FieldTable(
    {
        "id": (identifier, ("id", "entry_id")),
        "timestamp": (instant, ("timestamp", "created_at", "created", "time", "date")),
        "request_id": (identifier, ("request_id",)),
        "model": (filled_text, ("model", "model_id")),
        "provider": (filled_text, ("provider",)),
        "band": (filled_text, ("band",)),
        "prompt_tokens": (count, ("prompt_tokens", "input_tokens")),
        "completion_tokens": (count, ("completion_tokens", "output_tokens")),
        "reasoning_tokens": (count, ("reasoning_tokens",)),
        "total_tokens": (count, ("total_tokens", "tokens")),
        "credits_debited": (amount, ("credits_debited", "credits", "credits_used")),
        "cost": (amount, ("cost", "total_cost")),
        "latency_ms": (milliseconds, ("latency_ms", "latency", "latency_s", "latency_seconds")),
        "status": (text, ("status", "state")),
        "error_message": (filled_text, ("error_message", "error")),
    }
)
_PAGE = FieldTable(
    {
        "total": (count, ("total", "total_entries", "total_count")),
        "has_more": (flag, ("has_more",)),
        "next_cursor": (identifier, ("next_cursor", "cursor")),
        "page": (count, ("page",)),
        "page_size": (count, ("page_size", "limit", "per_page")),
        "offset": (count, ("offset", "skip")),
        "next_offset": (count, ("next_offset",)),
    }
)
_RULES = ListRules(
    names=("entries", "history", "transactions"),
    is_entry=lambda value: "credits_debited" in value or "creditsDebited" in value,
)


def read_credits_history_page(body: Any) -> CreditsHistoryPage:
    """Read one page in any of the three dialects. A row without an id gets one made of its
    content; one without a time is left out, with a note.

    Raises :class:`UnreadableValue` when no rows can be found where rows are due.
    """
    drift = Drift()
    listing = unwrap_list(body, _RULES)
    made: Counter[str] = Counter()
    entries = read_entries(
        listing,
        lambda key, value: _read_entry(key, value, drift, listing, made),
        drift,
        lambda entry: entry.id,
    )
    page = _PAGE.read(listing.around, drift, "")
    return CreditsHistoryPage(
        data=entries, dialect=_dialect(listing.around), notes=drift.notes, raw=body, **page
    )


def _read_entry(
    key: str | int, value: Any, drift: Drift, listing: Listing, made: Counter[str]
) -> CreditEntry:
    if not isinstance(value, Mapping):
        raise UnreadableValue("", describe(value))
    values = _ENTRY.read(value, drift, listing.path_of(key))
    entry_id = values.pop("id", None) or (key if isinstance(key, str) else values.get("request_id"))
    if values.get("timestamp") is None:
        raise UnreadableValue("timestamp", describe(value.get("timestamp")))
    if entry_id is None:
        entry_id = content_id(value)
        made[entry_id] += 1
        entry_id = numbered_id(entry_id, made[entry_id])
    sent = values.pop("status", None)
    status, status_raw = known_word(sent, _STATUS_WORDS)
    return CreditEntry(
        id=entry_id, status=status or status_raw or UNKNOWN, status_raw=status_raw, raw=value, **values
    )


def _dialect(around: Mapping[str, Any]) -> str | None:
    marks = {"python": "total_entries" in around, "ts": "page" in around}
    dialects = [name for name, marked in marks.items() if marked]
    if not dialects:
        return "go" if "total" in around or "has_more" in around else None
    return dialects[0] if len(dialects) == 1 else None
