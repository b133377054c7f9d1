"""Garbage is collected at quiet moments, and not while an answer streams or somebody types."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from time import monotonic

import pytest

from zaguan_tui.app import garbage_collection as collector
from zaguan_tui.app.garbage_collection import GarbageCollectingApp


class Bench(GarbageCollectingApp[None]):
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
    """As if enough had been made since the last look, and set aside since the last thorough one."""
    monkeypatch.setattr(collector, "MIN_MIDDLE_COLLECTIONS", 0)
    monkeypatch.setattr(collector, "GROWTH", 0)


@pytest.mark.usefixtures("worn")
async def test_old_garbage_goes_at_a_quiet_moment() -> None:
    app = Bench()
    async with app.run_test():
        app.start_garbage_collection()
        knot = Knot()
        seen = weakref.ref(knot)
        gc.collect()
        gc.freeze()
        del knot
        gc.collect()
        assert seen() is not None, "set aside, nobody looks at it"
        assert app.collect_garbage()
        assert seen() is None


@pytest.mark.usefixtures("worn")
async def test_not_while_an_answer_streams_or_somebody_types() -> None:
    app = Bench()
    async with app.run_test() as pilot:
        app.start_garbage_collection()
        app.streaming = True
        assert not app.collect_garbage()
        app.streaming = False
        await pilot.press("x")
        assert not app.collect_garbage()
        app._touched_at = monotonic() - collector.QUIET_S
        assert app.collect_garbage()


@pytest.mark.usefixtures("worn")
async def test_under_somebody_who_never_rests_what_is_set_aside_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(collector, "OVERDUE", 0)
    monkeypatch.setattr(collector, "MOST_NEW", 0)
    monkeypatch.setattr(collector, "OVERFULL", 200_000)
    app = Bench()
    async with app.run_test() as pilot:
        app.start_garbage_collection()
        knot = Knot()
        seen = weakref.ref(knot)
        lists: list[list[int]] = []
        gc.collect()
        gc.freeze()
        del knot
        for _ in range(4):
            assert seen() is not None
            lists += [[number] for number in range(70_000)]
            await pilot.press("x")
            assert app.collect_garbage()
        assert seen() is None


async def test_what_is_new_is_looked_through_sooner_than_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "MIN_MIDDLE_COLLECTIONS", 0)
    app = Bench()
    async with app.run_test():
        app.start_garbage_collection()
        old = Knot()
        gc.collect()
        gc.freeze()
        new = Knot()
        old_seen, new_seen = weakref.ref(old), weakref.ref(new)
        del old, new
        assert app.collect_garbage()
        assert old_seen() is not None, "not enough was set aside for a thorough look"
        assert new_seen() is None


async def test_who_never_rests_gets_a_short_look_when_it_is_overdue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "GROWTH", 0)
    app = Bench()
    async with app.run_test():
        app.start_garbage_collection()
        app._touched_at = monotonic()
        app._collections -= collector.OVERDUE - 1
        assert not app.collect_garbage()
        app._collections -= 1
        set_aside = app._set_aside
        assert app.collect_garbage()
        assert app._set_aside == set_aside, "a thorough look waits for a quiet moment"


async def test_nothing_is_looked_through_in_vain() -> None:
    app = Bench()
    async with app.run_test():
        app.start_garbage_collection()
        assert not app.collect_garbage()


@pytest.mark.usefixtures("worn")
async def test_a_long_look_waits_until_nobody_is_there() -> None:
    app = Bench()
    async with app.run_test():
        app.start_garbage_collection()
        app._object_s = 1.0
        app._touched_at = monotonic() - collector.QUIET_S
        gc.freeze()
        set_aside = app._set_aside
        assert app.collect_garbage()
        assert app._set_aside == set_aside, "not while somebody may come back any moment"
        assert app._object_s < 1.0, "measured"
        app._object_s = 1.0
        app._touched_at = monotonic() - collector.AWAY_S
        assert app.collect_garbage()
        assert app._set_aside != set_aside


@pytest.mark.parametrize(("most_new", "aside"), [(0, True), (10_000_000, False)])
async def test_what_is_new_is_set_aside_when_it_is_much(
    monkeypatch: pytest.MonkeyPatch, most_new: int, *, aside: bool
) -> None:
    """What opens and closes again is found by a short look, unless looks would become long."""
    monkeypatch.setattr(collector, "MIN_MIDDLE_COLLECTIONS", 0)
    monkeypatch.setattr(collector, "MOST_NEW", most_new)
    app = Bench()
    async with app.run_test():
        app.start_garbage_collection()
        knot = Knot()
        assert app.collect_garbage()
        seen = weakref.ref(knot)
        del knot
        assert app.collect_garbage()
        assert (seen() is not None) == aside
