from __future__ import annotations

from datetime import UTC, datetime, timedelta

from zaguan_tui.client.types.providers.last_error import LastError
from zaguan_tui.state.providers.breaker_history import UNKNOWN, BreakerHistory

from .fake_gateway import breaker

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_an_opening_is_a_transition_with_its_evidence() -> None:
    history = BreakerHistory()
    assert history.observe([breaker("groq")], at(0)) == ()
    opened = breaker(
        "groq",
        "open",
        opened_at=at(3),
        window_requests=20,
        window_failures=12,
        error_rate_threshold=0.5,
        consecutive_failures=5,
        failure_threshold=5,
        last_error=LastError(message="upstream\noverloaded", status_code=503),
    )
    (change,) = history.observe([opened], at(5))
    assert (change.from_state, change.to_state, change.at) == ("closed", "open", at(3))
    assert change.evidence == (
        "5 failures in a row (limit 5), 12 of 20 requests failed (60%, limit 50%), "
        "last: 503 upstream overloaded"
    )
    assert history.of("groq") == (change,)
    assert history.of("openai") == ()
    assert [(span.state, span.seconds) for span in history.lane("groq")] == [("closed", 3), ("open", 2)]


def test_only_the_rule_that_fired_is_a_reason() -> None:
    history = BreakerHistory()
    history.observe([breaker("groq"), breaker("xai", "half_open")], at(0))
    limits = {"error_rate_threshold": 0.5, "failure_threshold": 5, "window_requests": 26}
    streak = breaker("groq", "open", window_failures=6, consecutive_failures=6, **limits)
    probe = breaker("xai", "open", window_failures=6, consecutive_failures=6, **limits)
    said = [change.evidence for change in history.observe([streak, probe], at(5))]
    assert said == ["6 failures in a row (limit 5)", "a probe failed"]


def test_the_servers_clock_is_brought_to_ours() -> None:
    history = BreakerHistory()
    history.observe([breaker("groq")], at(0), skew_s=3600)
    (change,) = history.observe([breaker("groq", "open", opened_at=at(3602))], at(5), skew_s=3600)
    assert change.at == at(2)


def test_a_moment_outside_the_two_polls_is_not_believed() -> None:
    history = BreakerHistory()
    history.observe([breaker("groq")], at(0))
    (change,) = history.observe([breaker("groq", "open", opened_at=at(-500))], at(5))
    assert change.at == at(5)


def test_time_nobody_watched_is_unknown() -> None:
    history = BreakerHistory()
    history.observe([breaker("groq")], at(0))
    history.observe([breaker("groq")], at(5))
    history.observe([breaker("groq")], at(600))
    assert [(span.state, span.seconds) for span in history.lane("groq")] == [
        ("closed", 5),
        (UNKNOWN, 595),
        ("closed", 0),
    ]
    (change,) = history.observe([breaker("groq", "open")], at(1200))
    assert change.unwatched_s == 600
    assert [span.state for span in history.lane("groq")][-2:] == [UNKNOWN, "open"]


def test_a_failed_poll_leaves_a_hole_too() -> None:
    history = BreakerHistory()
    history.observe([breaker("groq")], at(0))
    history.interrupt()
    history.observe([breaker("groq")], at(10))
    assert [span.state for span in history.lane("groq")] == ["closed", UNKNOWN, "closed"]


def test_trips_between_two_polls_are_counted() -> None:
    history = BreakerHistory()
    history.observe([breaker("groq", trips_total=1)], at(0))
    (change,) = history.observe([breaker("groq", trips_total=3)], at(5))
    assert (change.from_state, change.to_state, change.missed) == ("closed", "closed", 2)


def test_scopes_have_lanes_of_their_own() -> None:
    history = BreakerHistory()
    history.observe([breaker("openai", scope="gpt-4o"), breaker("openai")], at(0))
    (change,) = history.observe([breaker("openai", "open", scope="gpt-4o"), breaker("openai")], at(5))
    assert change.scope == "gpt-4o"
    assert history.scopes("openai") == ("gpt-4o", None)


def test_everything_is_bounded() -> None:
    history = BreakerHistory()
    for poll in range(3000):
        state = ("closed", "open")[poll % 2]
        history.observe([breaker("groq", state), breaker(f"passing-{poll}")], at(poll * 5))
    assert len(history.transitions) <= 500
    assert len(history.lane("groq")) <= 400
    assert len(history._lanes) <= 512
    assert history.lane("groq"), "what is still seen is never forgotten"
