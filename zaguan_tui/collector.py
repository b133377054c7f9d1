"""Memory is tidied while nobody waits.

Looking through everything that lives takes Python a tenth of a second here: whoever types meanwhile feels it.
So what was looked through is set aside, the automatic look at what is old comes seldom, and looks of our own
come when no answer streams. A short one covers what is new since the last: memory that garbage took is never
given back to the system, so little of it may gather. The thorough one waits until no key was pressed for a
while.
"""

from __future__ import annotations

import gc
from time import monotonic
from typing import TypeVar

from textual import events
from textual.app import App

Result = TypeVar("Result")

YOUNG, MIDDLE, OLD = 5_000, 8, 100
"""After how many new objects, and collections of those, Python looks by itself."""

LOOK_EVERY_S = 2.0
QUIET_S = 2.0
WORTH_IT = 1
"""Collections of what is middle-aged since the last look: fewer leave nothing to find."""

OVERDUE = 3
"""As many are worth a short look, about 15 ms, although somebody uses the keys all the time."""

GROWTH = 1.25
"""How much more than after the last thorough look has to be set aside to make the next one due."""


class TidyApp(App[Result]):
    """An app that collects garbage at a quiet moment; it starts with :meth:`begin_tidying`."""

    _touched_at = float("-inf")
    _collections = 0
    _set_aside = 0

    @property
    def busy(self) -> bool:
        """Whether something moves on the screen that must not stutter."""
        return False

    def begin_tidying(self) -> None:
        """Everything that is here now stays: the collector need not look at it again."""
        gc.freeze()
        gc.set_threshold(YOUNG, MIDDLE, OLD)
        gc.enable()
        self._set_aside = gc.get_freeze_count()
        self._collections = _middle_collections()
        self.set_interval(LOOK_EVERY_S, self.tidy)

    async def on_event(self, event: events.Event) -> None:
        """Note when somebody was last at the keys or the mouse."""
        if isinstance(event, events.InputEvent):
            self._touched_at = monotonic()
        await super().on_event(event)

    def tidy(self) -> bool:
        """Look through what is new, or through everything, if it is worth it; whether it was done."""
        made = _middle_collections() - self._collections
        quiet = monotonic() - self._touched_at >= QUIET_S
        if self.busy or made < (WORTH_IT if quiet else OVERDUE):
            return False
        thorough = quiet and gc.get_freeze_count() > self._set_aside * GROWTH
        if thorough:
            gc.unfreeze()
        gc.collect()
        gc.freeze()
        if thorough:
            self._set_aside = gc.get_freeze_count()
        self._collections = _middle_collections()
        return True


def _middle_collections() -> int:
    count: int = gc.get_stats()[1]["collections"]
    return count
