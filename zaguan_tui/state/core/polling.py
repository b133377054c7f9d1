"""What all pollers of one house share, and the making of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from zaguan_tui.state.core.clock import Clock
from zaguan_tui.state.core.governor import PollGovernor
from zaguan_tui.state.core.poll_outcome import PollOutcome
from zaguan_tui.state.core.poller import Explain, Poller
from zaguan_tui.state.core.problems import explain_error
from zaguan_tui.state.core.store import Store

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PollerFactory:
    """Clock and pace, the words for errors, and who hears of every poll. ``seed`` fixes the jitter."""

    clock: Clock
    governor: PollGovernor
    explain: Explain = explain_error
    on_outcome: Callable[[PollOutcome], None] | None = None
    seed: int | str = 0

    def poller(
        self,
        store: Store[T],
        read: Callable[[], Awaitable[T]],
        *,
        interval: float,
        hidden_interval: float | None,
        timeout: float,
        is_partial: Callable[[T], bool] | None = None,
    ) -> Poller[T]:
        """A poller of ``store`` on these terms; times in seconds."""
        return Poller(
            store,
            read,
            interval=interval,
            hidden_interval=hidden_interval,
            timeout=timeout,
            clock=self.clock,
            governor=self.governor,
            seed=self.seed,
            explain=self.explain,
            on_outcome=self.on_outcome,
            is_partial=is_partial,
        )
