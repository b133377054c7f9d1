"""What all pollers of one house share, and the making of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from .clock import Clock
from .governor import PollGovernor
from .outcome import Outcome
from .poller import Explain, Poller
from .problems import problem_from
from .store import Store

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Polling:
    """Clock and pace, the words for errors, and who hears of every poll. ``seed`` fixes the jitter."""

    clock: Clock
    governor: PollGovernor
    explain: Explain = problem_from
    told: Callable[[Outcome], None] | None = None
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
            told=self.told,
            is_partial=is_partial,
        )
