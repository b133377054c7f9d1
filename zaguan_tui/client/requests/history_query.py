"""``HistoryQuery``: filters of the credits history, sent and applied to the rows again (D10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zaguan_tui.client.requests.body import build_query
from zaguan_tui.client.requests.timestamps import Timestamp, format_timestamp, range_end, range_start

if TYPE_CHECKING:
    from zaguan_tui.client.dispatch.call import QueryValue
    from zaguan_tui.client.types.account.credits_history import CreditEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryQuery:
    """Filters of the credits history; ``None`` is no filter.

    Not every server knows every filter (zaguan-sdk-py none, -ts four of six), so :meth:`admits` repeats them
    on the rows. A row that does not say what is asked for is kept.
    """

    start_date: Timestamp | None = None
    end_date: Timestamp | None = None
    model: str | None = None
    provider: str | None = None
    band: str | None = None
    status: str | None = None

    def params(self) -> dict[str, QueryValue]:
        """The filters as query parameters; raises :class:`~.errors.ArgumentError` for a wrong one."""
        return build_query(
            "get_credits_history",
            start_date=format_timestamp("start_date", self.start_date),
            end_date=format_timestamp("end_date", self.end_date),
            model=self.model,
            provider=self.provider,
            band=self.band,
            status=self.status,
        )

    def admits(self, entry: CreditEntry) -> bool:
        """Whether ``entry`` is what was asked for. A model matches with and without its provider's prefix."""
        start, end = range_start("start_date", self.start_date), range_end("end_date", self.end_date)
        if (start is not None and entry.timestamp < start) or (end is not None and entry.timestamp > end):
            return False
        pairs = ((self.provider, entry.provider), (self.band, entry.band), (self.status, entry.status))
        if any(value and own and value.lower() != own.lower() for value, own in pairs):
            return False
        return not self.model or not entry.model or _same_model(self.model.lower(), entry.model.lower())


def _same_model(model: str, other: str) -> bool:
    return model == other or model.endswith(f"/{other}") or other.endswith(f"/{model}")
