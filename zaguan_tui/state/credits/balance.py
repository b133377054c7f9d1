"""The credits balance: polled, with its history, the burn rate and the low threshold."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from zaguan_tui.state.core.poller import PollerFactory
from zaguan_tui.state.core.series import Series
from zaguan_tui.state.core.store import Snapshot, Store
from zaguan_tui.state.subject import Subject

if TYPE_CHECKING:
    from zaguan_tui.client.types.account.credits import CreditsBalance
    from zaguan_tui.config.settings import Settings
    from zaguan_tui.state.core.poller import Poller

INTERVAL_S = 30.0
HIDDEN_INTERVAL_S = 300.0
TIMEOUT_S = 10.0
LOW_FRACTION = 0.1
"""Below this share of the total the credits are low."""

_GAP_AFTER_S = 2.5 * HIDDEN_INTERVAL_S
_BURN_NEEDS_S = 60.0


class CreditsState(Subject):
    """Polls the balance; ``remaining`` is its history in this session, in credits."""

    def __init__(self, read: Callable[[], Awaitable[CreditsBalance]], polling: PollerFactory) -> None:
        """``read`` is the client's method without arguments."""
        self._clock = polling.clock
        self._seen_at: datetime | None = None
        self.store: Store[CreditsBalance] = Store("credits balance")
        self.remaining = Series(gap_after_s=_GAP_AFTER_S)
        self.poller = polling.poller(
            self.store,
            read,
            interval=INTERVAL_S,
            hidden_interval=HIDDEN_INTERVAL_S,
            timeout=TIMEOUT_S,
        )
        self.store.watch(self._on_balance, now=False)

    @property
    def low(self) -> bool:
        """Whether less than a tenth is left; false where the total is unknown."""
        balance = self.store.snapshot.value
        return balance is not None and is_low(balance)

    def burn_per_hour(self, now: datetime, window_s: float = 900.0) -> float | None:
        """Credits spent per hour over ``window_s``; ``None`` without enough history or after a refill."""
        points = [point for point in self.remaining.window(window_s, now) if point.mean is not None]
        if len(points) < 2:
            return None
        first, last = points[0], points[-1]
        elapsed = last.at - first.at
        spent = (first.mean or 0.0) - (last.mean or 0.0)
        return spent * 3600.0 / elapsed if elapsed >= _BURN_NEEDS_S and spent >= 0 else None

    @property
    def pollers(self) -> tuple[Poller[Any], ...]:
        """The one poller."""
        return (self.poller,)

    def apply(self, settings: Settings) -> None:
        """Take over the pace and the limit of a reading."""
        self.poller.set_interval(settings.poll.credits, settings.poll.credits_hidden)
        self.poller.set_timeout(settings.poll.timeout)

    async def refresh(self) -> None:
        """Ask now; returns when the store knows."""
        await self.poller.refresh()

    def reset(self) -> None:
        """Drop everything known: another gateway is coming."""
        self.remaining = Series(gap_after_s=_GAP_AFTER_S)
        self._seen_at = None
        self.store.forget()

    def _on_balance(self, snapshot: Snapshot[CreditsBalance]) -> None:
        if snapshot.value is not None and snapshot.at is not None and snapshot.at != self._seen_at:
            self._seen_at = snapshot.at
            self.remaining.add(snapshot.at, snapshot.value.credits_remaining)


def is_low(balance: CreditsBalance) -> bool:
    """Whether less than a tenth of the total is left; an unknown total is never low."""
    return balance.remaining_fraction is not None and balance.remaining_fraction < LOW_FRACTION
