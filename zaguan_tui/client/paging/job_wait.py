"""``wait_until``: polling of a job to its end, with growing, jittered waits; passing failures are ignored.

Nothing here knows what a job is; the sections of the catalogue hand in how to read it (``proposal``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

from zaguan_tui.client.dispatch.clock import Clock
from zaguan_tui.client.errors.exceptions import APIError, ArgumentError, ZaguanError
from zaguan_tui.client.types.models.lifecycle import Stage, is_known_status


class Job(Protocol):
    """Anything with a state."""

    @property
    def status(self) -> str:
        """The state's name."""
        ...

    @property
    def stage(self) -> Stage:
        """What the state means."""
        ...


J = TypeVar("J", bound=Job)
OnUpdate: TypeAlias = Callable[[J], Awaitable[None] | None]
"""Told of the job when it was first read, and whenever it changed. May be a coroutine function."""


class WaitTimeoutError(ZaguanError, TimeoutError):
    """The job was not over in time. ``last`` is how it was last seen, ``None`` if never."""

    def __init__(self, seconds: float, last: object) -> None:
        super().__init__(f"not over after {seconds:g} s")
        self.last = last


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to ask, in seconds: from ``first``, each time ``growth`` times longer, up to ``longest``.

    A change of state starts again from ``first``. ``longest_unknown`` is the limit while the state is a word
    we do not know. Chance takes up to ``jitter`` of a wait away. After ``failures`` failed reads in a row,
    each repeated by the client as its options say, the wait ends with the last error. ``timeout`` ends the
    whole wait; ``None`` waits for ever.
    """

    first: float = 1.0
    longest: float = 30.0
    longest_unknown: float = 120.0
    growth: float = 1.5
    jitter: float = 0.2
    failures: int = 5
    timeout: float | None = None

    def __post_init__(self) -> None:
        for name in ("first", "longest", "longest_unknown"):
            if not getattr(self, name) > 0:
                raise ArgumentError(f"patience.{name}", f"is {getattr(self, name)}", "seconds > 0")
        if not self.growth >= 1:
            raise ArgumentError("patience.growth", f"is {self.growth}", "1 or more")
        if not 0 <= self.jitter < 1:
            raise ArgumentError("patience.jitter", f"is {self.jitter}", "0 or more, less than 1")
        if self.failures < 1:
            raise ArgumentError("patience.failures", f"is {self.failures}", "1 or more")
        if self.timeout is not None and not self.timeout > 0:
            raise ArgumentError("patience.timeout", f"is {self.timeout}", "seconds > 0, or None")

    def wait(self, round_: int, chance: float, *, known: bool = True) -> float:
        """Seconds before asking again, after ``round_`` rounds (from 0) without a change of state."""
        limit = self.longest if known else max(self.longest, self.longest_unknown)
        return min(self.first * self.growth ** min(round_, 64), limit) * (1.0 - self.jitter * chance)


@dataclass(slots=True)
class _WaitState:
    """What one wait remembers between two questions."""

    round: int = 0
    failures: int = 0
    status: str | None = None


async def wait_until(
    read: Callable[[], Awaitable[J]],
    is_enough: Callable[[J], bool],
    *,
    clock: Clock,
    patience: Patience | None = None,
    on_update: OnUpdate[J] | None = None,
) -> J:
    """Read the job until ``is_enough``; the last reading is the answer.

    Raises :class:`WaitTimeoutError`, at once what no repetition can cure (a wrong id, a lost key), and after
    some failures in a row the last of them. What ``on_update`` raises ends the wait.
    """
    patience = patience or Patience()
    since = clock.monotonic()
    vigil = _WaitState()
    last: J | None = None
    while True:
        try:
            job = await read()
        except APIError as error:
            vigil.failures += 1
            if not error.retryable or vigil.failures >= patience.failures:
                raise
            pause = max(patience.wait(vigil.round, clock.chance()), error.retry_after or 0.0)
            vigil.round += 1
        else:
            if on_update is not None and (last is None or job != last):
                update_result = on_update(job)
                if isinstance(update_result, Awaitable):
                    await update_result
            last = job
            if is_enough(job):
                return job
            vigil.round = vigil.round + 1 if job.status == vigil.status else 0
            vigil.failures, vigil.status = 0, job.status
            pause = patience.wait(vigil.round, clock.chance(), known=is_known_status(job.status))
        await _sleep_until_next(pause, clock, since, patience.timeout, last)


async def _sleep_until_next(
    pause: float, clock: Clock, since: float, timeout: float | None, last: object
) -> None:
    """Sleep; when the time is up before the next question, do not even begin."""
    if timeout is not None and clock.monotonic() - since + pause > timeout:
        raise WaitTimeoutError(timeout, last)
    await clock.sleep(pause)
