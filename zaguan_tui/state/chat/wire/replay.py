"""Plays a recording at its rhythm, faster, or at once. No network, no terminal, and any clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from zaguan_tui.state.chat.wire.recording import Recording
from zaguan_tui.state.core.clock import Clock

SPEEDS: Final = (1.0, 4.0, float("inf"))
MIN_WAIT_S: Final = 1 / 30
"""So many seconds lie between two pictures, at least."""

MAX_WAIT_S: Final = 0.1
"""And so many at most, so that a silence can be seen to grow."""


class Replay:
    """``at_s`` is the moment of the stream that is shown, ``played`` how many frames have come by then."""

    def __init__(self, recording: Recording, clock: Clock) -> None:
        self.recording = recording
        self.at_s = 0.0
        self.played = 0
        self.speed = SPEEDS[0]
        self.paused = False
        self._clock = clock
        self._go_on = asyncio.Event()

    @property
    def over(self) -> bool:
        """Whether everything was played."""
        return self.at_s >= self.recording.length_s

    async def run(self, changed: Callable[[], None]) -> None:
        """Play until cancelled; ``changed`` is called whenever there is more to be seen."""
        before = self._clock.monotonic()
        changed()
        while True:
            if self.paused or self.over:
                self._go_on.clear()
                await self._go_on.wait()
                before = self._clock.monotonic()
            await self._clock.sleep(self._wait_s())
            now = self._clock.monotonic()
            if not self.paused and not self.over:
                self._go_to(self.at_s + (now - before) * self.speed)
            before = now
            changed()

    def pause(self) -> None:
        """Stop, or go on; at the end begin again."""
        if self.over:
            self.restart()
            return
        self.paused = not self.paused
        self._go_on.set()

    def restart(self) -> None:
        """Play from the beginning; what was meant to be there at once comes at its rhythm now."""
        if self.speed == SPEEDS[-1]:
            self.speed = SPEEDS[0]
        self.at_s, self.played, self.paused = 0.0, 0, False
        self._go_on.set()

    def change_speed(self) -> None:
        """The next speed: the original rhythm, four times as fast, at once."""
        self.speed = SPEEDS[(SPEEDS.index(self.speed) + 1) % len(SPEEDS)]
        if self.speed == SPEEDS[-1]:
            self._go_to(self.recording.length_s)
        self._go_on.set()

    def step(self, step: int) -> None:
        """Pause, and go a frame on or back."""
        self.paused = True
        played = max(0, min(len(self.recording.frames), self.played + step))
        self.at_s = self.recording.moments[played - 1] if played else 0.0
        self.played = played
        if played == len(self.recording.frames) and step > 0:
            self.at_s = self.recording.length_s

    def to_next_stall(self) -> bool:
        """Go to shortly before the next stall; whether there is one."""
        later = [silence for silence in self.recording.silences if silence.at_s > self.at_s + MIN_WAIT_S]
        if later:
            self._go_to(later[0].at_s)
        return bool(later)

    def _go_to(self, at_s: float) -> None:
        if (jump := self.recording.jump_at(at_s)) is not None:
            at_s = jump.until_s
        self.at_s = min(at_s, self.recording.length_s)
        self.played = self.recording.played_at(self.at_s)

    def _wait_s(self) -> float:
        """Until the next frame is due, within the limits."""
        moments = self.recording.moments
        due = moments[self.played] if self.played < len(moments) else self.recording.length_s
        return min(MAX_WAIT_S, max(MIN_WAIT_S, (due - self.at_s) / self.speed))
