"""When somebody looked, and what can be said of a breaker from that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from zaguan_tui.state.providers.breaker_history import UNKNOWN, BreakerHistory, Span, Transition
from zaguan_tui.state.providers.observed_spans import ObservedSpan, ObservedSpans, merge_spans
from zaguan_tui.state.providers.stored_lanes import rebuild_lanes

from .fake_gateway import breaker

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def step(
    seconds: float, to_state: str, from_state: str = "closed", *, seen: float | None = None
) -> Transition:
    return Transition(
        "groq", from_state, to_state, at(seconds), seen_at=at(seconds if seen is None else seen)
    )


def lane(changes: list[Transition], *spells: tuple[float, float]) -> list[tuple[str, float, float]]:
    watched = [ObservedSpan(at(start), at(end)) for start, end in spells]
    spans = rebuild_lanes(changes, watched)[("groq", None)]
    return [(s.state, (s.start - NOON).total_seconds(), (s.end - NOON).total_seconds()) for s in spans]


def test_a_failure_or_a_silence_ends_a_spell() -> None:
    spells = ObservedSpans(75)
    for second in (0, 5, 70, 400, 405):
        spells.note(at(second))
    spells.interrupt()
    spells.note(at(410))
    assert spells.since(at(0)) == (
        ObservedSpan(at(0), at(70)),
        ObservedSpan(at(400), at(405)),
        ObservedSpan(at(410), at(410)),
    )
    assert spells.since(at(405)) == (ObservedSpan(at(400), at(405)), ObservedSpan(at(410), at(410)))


def test_a_long_watch_is_kept_in_pieces_that_join_again() -> None:
    spells = ObservedSpans(75)
    for second in range(0, 3 * 3600, 30):
        spells.note(at(second))
    pieces = spells.since(at(0))
    assert len(pieces) == 3
    assert merge_spans(pieces) == (ObservedSpan(at(0), at(3 * 3600 - 30)),)


def test_a_clock_set_back_begins_a_new_spell() -> None:
    spells = ObservedSpans(75)
    spells.note(at(100))
    spells.note(at(50))
    assert spells.since(at(0)) == (ObservedSpan(at(100), at(100)), ObservedSpan(at(50), at(50)))


def test_a_state_is_known_only_where_it_was_watched() -> None:
    changes = [step(50, "open"), step(80, "half_open", "open"), step(1050, "closed", "half_open")]
    assert lane(changes, (0, 100), (500, 600), (1000, 1100)) == [
        ("closed", 0, 50),
        ("open", 50, 80),
        ("half_open", 80, 100),
        (UNKNOWN, 100, 1000),
        ("half_open", 1000, 1050),
        ("closed", 1050, 1100),
    ]


def test_a_change_that_happened_unseen_is_drawn_from_its_moment() -> None:
    assert lane([step(20, "open"), step(150, "closed", "open", seen=200)], (0, 100), (200, 300)) == [
        ("closed", 0, 20),
        ("open", 20, 100),
        (UNKNOWN, 100, 150),
        ("closed", 150, 300),
    ]


def test_without_a_watch_nothing_is_drawn() -> None:
    assert lane([step(20, "open")]) == []
    assert lane([step(20, "open")], (30, 40)) == []


def test_remembered_lanes_end_where_the_seen_ones_begin() -> None:
    history = BreakerHistory()
    history.observe([breaker("groq")], at(1000))
    earlier = [Span("open", at(0), at(50)), Span("closed", at(50), at(90)), Span("open", at(990), at(1010))]
    change = step(50, "closed", "open")
    history.precede([change], {("groq", None): earlier, ("xai", None): [Span("open", at(0), at(9))]})
    history.observe([breaker("groq"), breaker("xai")], at(1005))
    assert [(span.state, span.seconds) for span in history.lane("groq")] == [
        ("open", 50),
        ("closed", 40),
        (UNKNOWN, 910),
        ("closed", 5),
    ]
    assert [span.state for span in history.lane("xai")] == ["open", UNKNOWN, "closed"]
    assert history.transitions == (change,)
