"""Garbage is collected at quiet moments, and not while an answer streams or somebody types."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from time import monotonic

import pytest
from screens.stage import staged

from zaguan_tui.app import garbage_collection as collector
from zaguan_tui.app.garbage_collection import GarbageCollector


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
def test_old_garbage_goes_at_a_quiet_moment() -> None:
    garbage = GarbageCollector(lambda: False)
    garbage.start()
    knot = Knot()
    seen = weakref.ref(knot)
    gc.collect()
    gc.freeze()
    del knot
    gc.collect()
    assert seen() is not None, "set aside, nobody looks at it"
    assert garbage.collect()
    assert seen() is None


@pytest.mark.usefixtures("worn")
def test_not_while_an_answer_streams_or_somebody_types() -> None:
    streams = [True]
    garbage = GarbageCollector(lambda: streams[0])
    garbage.start()
    assert not garbage.collect()
    streams[0] = False
    garbage.touched_at = monotonic()
    assert not garbage.collect()
    garbage.touched_at = monotonic() - collector.QUIET_S
    assert garbage.collect()


@pytest.mark.usefixtures("worn")
def test_under_somebody_who_never_rests_what_is_set_aside_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "OVERDUE", 0)
    monkeypatch.setattr(collector, "MOST_NEW", 0)
    monkeypatch.setattr(collector, "OVERFULL", 200_000)
    garbage = GarbageCollector(lambda: False)
    garbage.start()
    knot = Knot()
    seen = weakref.ref(knot)
    lists: list[list[int]] = []
    gc.collect()
    gc.freeze()
    del knot
    for _ in range(4):
        assert seen() is not None
        lists += [[number] for number in range(70_000)]
        garbage.touched_at = monotonic()
        assert garbage.collect()
    assert seen() is None


def test_what_is_new_is_looked_through_sooner_than_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "MIN_MIDDLE_COLLECTIONS", 0)
    garbage = GarbageCollector(lambda: False)
    garbage.start()
    old = Knot()
    gc.collect()
    gc.freeze()
    new = Knot()
    old_seen, new_seen = weakref.ref(old), weakref.ref(new)
    del old, new
    assert garbage.collect()
    assert old_seen() is not None, "not enough was set aside for a thorough look"
    assert new_seen() is None


def test_who_never_rests_gets_a_short_look_when_it_is_overdue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "GROWTH", 0)
    garbage = GarbageCollector(lambda: False)
    garbage.start()
    garbage.touched_at = monotonic()
    garbage.collections -= collector.OVERDUE - 1
    assert not garbage.collect()
    garbage.collections -= 1
    set_aside = garbage.set_aside
    assert garbage.collect()
    assert garbage.set_aside == set_aside, "a thorough look waits for a quiet moment"


def test_nothing_is_looked_through_in_vain() -> None:
    garbage = GarbageCollector(lambda: False)
    garbage.start()
    assert not garbage.collect()


@pytest.mark.usefixtures("worn")
def test_a_long_look_waits_until_nobody_is_there() -> None:
    garbage = GarbageCollector(lambda: False)
    garbage.start()
    garbage.object_s = 1.0
    garbage.touched_at = monotonic() - collector.QUIET_S
    gc.freeze()
    set_aside = garbage.set_aside
    assert garbage.collect()
    assert garbage.set_aside == set_aside, "not while somebody may come back any moment"
    assert garbage.object_s < 1.0, "measured"
    garbage.object_s = 1.0
    garbage.touched_at = monotonic() - collector.AWAY_S
    assert garbage.collect()
    assert garbage.set_aside != set_aside


@pytest.mark.parametrize(("most_new", "aside"), [(0, True), (10_000_000, False)])
def test_what_is_new_is_set_aside_when_it_is_much(
    monkeypatch: pytest.MonkeyPatch, most_new: int, *, aside: bool
) -> None:
    """What opens and closes again is found by a short look, unless looks would become long."""
    monkeypatch.setattr(collector, "MIN_MIDDLE_COLLECTIONS", 0)
    monkeypatch.setattr(collector, "MOST_NEW", most_new)
    garbage = GarbageCollector(lambda: False)
    garbage.start()
    knot = Knot()
    assert garbage.collect()
    seen = weakref.ref(knot)
    del knot
    assert garbage.collect()
    assert (seen() is not None) == aside


async def test_a_key_is_noted_and_the_collector_runs() -> None:
    async with staged("providers") as play:
        collector_of_app = play.app._collector
        assert collector_of_app.set_aside > 0
        await play.press("j")
        assert monotonic() - collector_of_app.touched_at < 60
