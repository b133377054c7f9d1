"""Garbage collection at quiet moments: never while an answer streams, seldom while somebody uses the keys.

A look through everything that lives takes Python a tenth of a second here: whoever types meanwhile feels it.
So what was looked through is set aside, the automatic look at what is old comes seldom, and looks of our own
come when no answer streams. A short one covers what is new since the last: memory that garbage took is never
given back to the system, so little of it may gather. The thorough one waits until no key was pressed for a
while.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import monotonic, perf_counter

from zaguan_tui.app.heap import trim_heap

YOUNG, MIDDLE, OLD = 5_000, 8, 100
"""After how many new objects, and collections of those, Python looks by itself."""

CHECK_EVERY_S = 2.0
QUIET_S = 2.0
MIN_MIDDLE_COLLECTIONS = 1
"""Collections of what is middle-aged since the last look: fewer leave nothing to find."""

OVERDUE = 3
"""As many are worth a short look, about 15 ms, although somebody uses the keys all the time."""

MOST_NEW = 25_000
"""More objects than these that outlived a short look are set aside, so that the next one stays short.

Fewer are looked at again: most of what opens and closes (sheets, lists, lines) is garbage by then.
"""

SHORT_S = 0.1
AWAY_S = 60.0
"""A thorough look that will take longer than :data:`SHORT_S` waits until no key was used for this long."""

GROWTH = 1.25
"""How much more than after the last thorough look has to be set aside to make the next one due."""

OVERFULL = 250_000
"""More objects than these that were set aside since the last thorough look make the next one due at once: it
takes a tenth to a fifth of a second, but memory would grow for ever under somebody who never rests.
"""


class GarbageCollector:
    """Calls Python's collector; it starts with :meth:`start`, and :meth:`collect` is called now and then.

    ``busy`` says whether something moves on the screen that must not stutter; ``touched_at`` is when somebody
    was last at the keys or the mouse, by the monotonic clock; ``object_s`` the seconds that a look takes for
    each object: measured at the latest one, slower on a busy machine.
    """

    def __init__(self, busy: Callable[[], bool]) -> None:
        self._busy = busy
        self.touched_at = float("-inf")
        self.collections = 0
        self.set_aside = 0
        self._set_aside_since = 0
        self.object_s = 0.3e-6

    def start(self) -> None:
        """Everything that is here now stays: the collector need not look at it again."""
        gc.freeze()
        gc.set_threshold(YOUNG, MIDDLE, OLD)
        gc.enable()
        self.set_aside = gc.get_freeze_count()
        self.collections = _middle_collections()

    def collect(self) -> bool:
        """Look through what is new, or through everything, if it is worth it; whether it was done."""
        made = _middle_collections() - self.collections
        quiet_s = monotonic() - self.touched_at
        if self._busy() or made < (MIN_MIDDLE_COLLECTIONS if quiet_s >= QUIET_S else OVERDUE):
            return False
        if thorough := self._is_thorough_look_due(quiet_s):
            gc.unfreeze()
        self._collect()
        if thorough:
            trim_heap()
            gc.freeze()
            self.set_aside, self._set_aside_since = gc.get_freeze_count(), 0
        elif (new := len(gc.get_objects())) > MOST_NEW:
            gc.freeze()
            self._set_aside_since += new
        self.collections = _middle_collections()
        return True

    def _is_thorough_look_due(self, quiet_s: float) -> bool:
        if self._set_aside_since > OVERFULL:
            return True
        if quiet_s < QUIET_S:
            return False
        count = gc.get_freeze_count()  # counts one by one: milliseconds
        expected_s = (count + MOST_NEW) * self.object_s
        return count > self.set_aside * GROWTH and (expected_s <= SHORT_S or quiet_s >= AWAY_S)

    def _collect(self) -> None:
        count = len(gc.get_objects())
        began = perf_counter()
        gc.collect()
        self.object_s = (perf_counter() - began) / count


def _middle_collections() -> int:
    count: int = gc.get_stats()[1]["collections"]
    return count
