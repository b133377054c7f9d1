"""Garbage is collected at quiet moments, and not while an answer streams or somebody types."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from time import monotonic

import pytest

from zaguan_tui import collector
from zaguan_tui.collector import TidyApp


class Bench(TidyApp[None]):
    streaming = False

    @property
    def busy(self) -> bool:
        return self.streaming


class Knot:
    """Something that only the collector can find."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.fixture
def worn(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if enough had been made since the last look."""
    monkeypatch.setattr(collector, "WORTH_IT", 0)


@pytest.mark.usefixtures("worn")
async def test_old_garbage_goes_at_a_quiet_moment() -> None:
    app = Bench()
    async with app.run_test():
        app.begin_tidying()
        knot = Knot()
        seen = weakref.ref(knot)
        gc.collect()
        gc.freeze()
        del knot
        gc.collect()
        assert seen() is not None, "set aside, nobody looks at it"
        assert app.tidy()
        assert seen() is None


@pytest.mark.usefixtures("worn")
async def test_not_while_an_answer_streams_or_somebody_types() -> None:
    app = Bench()
    async with app.run_test() as pilot:
        app.begin_tidying()
        app.streaming = True
        assert not app.tidy()
        app.streaming = False
        await pilot.press("x")
        assert not app.tidy()
        app._touched_at = monotonic() - collector.QUIET_S
        assert app.tidy()


async def test_nothing_is_looked_through_in_vain() -> None:
    app = Bench()
    async with app.run_test():
        app.begin_tidying()
        assert not app.tidy()
