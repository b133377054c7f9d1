from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from zaguan_tui.state.core.store import Phase, Problem, Snapshot, Store

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
TROUBLE = Problem("It failed.")


def test_one_failure_is_stale_and_three_are_failed_and_the_value_stays() -> None:
    store: Store[int] = Store("numbers")
    store.succeed(7, NOON)
    phases = []
    for second in range(3):
        store.fail(TROUBLE, NOON + timedelta(seconds=second))
        phases.append(store.snapshot.phase)
    assert phases == [Phase.STALE, Phase.STALE, Phase.FAILED]
    assert store.snapshot.value == 7
    assert store.snapshot.failing_since == NOON
    assert store.snapshot.age(NOON + timedelta(seconds=42)) == 42
    store.succeed(8, NOON)
    assert store.snapshot.phase is Phase.FRESH
    assert store.snapshot.problem is None


def test_a_first_load_that_fails_is_failed_at_once() -> None:
    store: Store[int] = Store("numbers")
    store.fail(TROUBLE, NOON)
    assert store.snapshot.phase is Phase.FAILED


def test_versions_only_grow_and_forgetting_starts_anew() -> None:
    store: Store[int] = Store("numbers")
    seen: list[Snapshot[int]] = []
    store.watch(seen.append)
    store.succeed(1, NOON)
    store.schedule(NOON)
    store.schedule(NOON)
    store.put(store.snapshot)
    store.forget()
    assert [snapshot.version for snapshot in seen] == [0, 1, 2, 3]
    assert store.snapshot.phase is Phase.FIRST_LOAD


def test_a_watcher_that_fails_keeps_the_news_from_nobody() -> None:
    store: Store[int] = Store("numbers")
    seen: list[int | None] = []

    def broken(_: Snapshot[int]) -> None:
        raise ValueError("broken")

    store.watch(broken, now=False)
    store.watch(lambda snapshot: seen.append(snapshot.value), now=False)
    with pytest.raises(ValueError, match="broken"):
        store.succeed(1, NOON)
    assert seen == [1]
