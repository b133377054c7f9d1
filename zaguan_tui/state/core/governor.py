"""Poll governor: the program's own request rate, the pause of all polling, and the terminal's focus."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from zaguan_tui.state.core.clock import Clock
from zaguan_tui.state.core.subscribers import Subscribers, Unsubscribe

WINDOW_S = 60.0
"""The request rate is that of the last minute."""

UNFOCUSED_PACE = 6.0
"""How many times slower polls are while the terminal has no focus."""

_MIN_WINDOW_S = 10.0


@dataclass(frozen=True, slots=True)
class PollPace:
    """The present pace of polling. ``factor`` multiplies every interval."""

    paused: bool = False
    focused: bool = True

    @property
    def factor(self) -> float:
        """1 while somebody looks, more while nobody does."""
        return 1.0 if self.focused else UNFOCUSED_PACE


class PollGovernor:
    """Counts requests, and holds the pace that all pollers follow."""

    def __init__(self, clock: Clock, *, counts_polls: bool = True) -> None:
        """``counts_polls`` is false where every HTTP attempt is counted with :meth:`count` instead."""
        self._clock = clock
        self._counts_polls = counts_polls
        self._born = clock.monotonic()
        self._seconds: deque[tuple[int, int]] = deque()
        self._total = 0
        self._pace = PollPace()
        self._subscribers: Subscribers[PollPace] = Subscribers()

    @property
    def pace(self) -> PollPace:
        """Paused or not, focused or not."""
        return self._pace

    @property
    def paused(self) -> bool:
        """Whether all polling is paused."""
        return self._pace.paused

    @property
    def focused(self) -> bool:
        """Whether the terminal has the focus, as far as it reports it."""
        return self._pace.focused

    @property
    def total(self) -> int:
        """Requests since the start."""
        return self._total

    @property
    def rate(self) -> float:
        """Own requests per second over the last minute, or since the start if that is shorter."""
        self._forget()
        lived = self._clock.monotonic() - self._born
        window = min(WINDOW_S, max(_MIN_WINDOW_S, lived))
        return sum(count for _, count in self._seconds) / window

    def count(self, requests: int = 1) -> None:
        """Note that ``requests`` were sent just now."""
        self._total += requests
        second = int(self._clock.monotonic())
        if self._seconds and self._seconds[-1][0] == second:
            self._seconds[-1] = (second, self._seconds[-1][1] + requests)
        else:
            self._seconds.append((second, requests))
        self._forget()

    def count_poll(self, requests: int = 1) -> None:
        """Note polls, unless the attempts behind them are counted one by one."""
        if self._counts_polls:
            self.count(requests)

    def pause(self) -> None:
        """Stop all polling until :meth:`resume`. A forced refresh still works."""
        self._set(PollPace(paused=True, focused=self._pace.focused))

    def resume(self) -> None:
        """Poll again; what is overdue is asked at once."""
        self._set(PollPace(paused=False, focused=self._pace.focused))

    def toggle(self) -> bool:
        """Pause or resume; returns whether it is paused now."""
        self._set(PollPace(paused=not self._pace.paused, focused=self._pace.focused))
        return self._pace.paused

    def set_focused(self, focused: bool) -> None:
        """Tell whether somebody looks at the terminal."""
        self._set(PollPace(paused=self._pace.paused, focused=focused))

    def watch(self, watcher: Callable[[PollPace], None], *, now: bool = True) -> Unsubscribe:
        """Call ``watcher`` whenever the pace changes (and at once when ``now``); returns the undo."""
        unsubscribe = self._subscribers.add(watcher)
        if now:
            watcher(self._pace)
        return unsubscribe

    def _set(self, pace: PollPace) -> None:
        if pace != self._pace:
            self._pace = pace
            self._subscribers.notify(pace)

    def _forget(self) -> None:
        oldest = self._clock.monotonic() - WINDOW_S
        while self._seconds and self._seconds[0][0] < oldest:
            self._seconds.popleft()


class RequestCounter:
    """An observer of the client that counts every attempt, for the header's request rate."""

    __slots__ = ("_governor",)

    def __init__(self, governor: PollGovernor) -> None:
        self._governor = governor

    def observe(self, event: object) -> None:
        """One more request, when one starts."""
        from zaguan_tui.client.dispatch.trace import (
            AttemptStarted,  # loaded with the client, not at the start
        )

        if isinstance(event, AttemptStarted):
            self._governor.count()
