"""`GET /v1/circuit-breaker/status` in every variant (`wire.md` 6.2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from wire_fixtures import load

from zaguan_tui.client.types.providers.circuit_breakers import CircuitBreaker, read_circuit_breakers

EXPECTED = load("circuit_breaker/expected.json")["state"]
NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
SHAPES = {
    "status": "list",
    "status_camel": "list",
    "status_counts": "counts",
    "status_map": "map",
    "status_words": "words",
}


def one(entry: Any, **around: Any) -> CircuitBreaker:
    return read_circuit_breakers({"data": [entry], **around}, NOW).data[0]


def groq(name: str) -> CircuitBreaker:
    return next(
        b
        for b in read_circuit_breakers(load(f"circuit_breaker/{name}.json"), NOW).data
        if b.provider == "groq"
    )


@pytest.mark.parametrize("name", SHAPES)
def test_every_variant_reads_into_the_expected_state(name: str) -> None:
    report = read_circuit_breakers(load(f"circuit_breaker/{name}.json"), NOW)
    assert {breaker.provider: breaker.state for breaker in report.data} == EXPECTED
    assert report.dialect == SHAPES[name]
    assert report.generated_at == NOW


def test_all_fields() -> None:
    found = groq("status")
    assert (found.failure_count, found.success_count, found.consecutive_failures, found.trips_total) == (
        79,
        49,
        7,
        4,
    )
    assert (found.failure_threshold, found.success_threshold, found.minimum_requests) == (5, 3, 20)
    assert (found.error_rate, found.error_rate_threshold) == (0.6172, 0.5)
    assert (found.window_seconds, found.window_requests, found.window_failures) == (60.0, 128, 79)
    assert (found.opened_at, found.next_attempt_at) == (
        NOW - timedelta(seconds=38),
        NOW + timedelta(seconds=22),
    )
    assert (found.retry_after, found.half_open_max_requests, found.half_open_in_flight) == (22.0, 3, 0)
    assert found.last_error is not None and found.last_error.status_code == 504
    assert found.deduced == frozenset()


def test_variants_agree_on_the_facts_they_share() -> None:
    canonical = groq("status")
    for name in ("status_map", "status_camel"):
        found = groq(name)
        assert (found.failure_count, found.opened_at) == (canonical.failure_count, canonical.opened_at)
        assert (found.next_attempt_at, found.retry_after) == (
            canonical.next_attempt_at,
            canonical.retry_after,
        )
    counts = groq("status_counts")
    assert (counts.failure_count, counts.success_count, counts.window_requests) == (79, 49, 128)
    assert (counts.consecutive_failures, counts.consecutive_successes) == (7, 0)
    assert counts.deduced == {"state", "next_attempt_at", "retry_after"}


def test_missing_counters_stay_missing() -> None:
    assert groq("status_words") == CircuitBreaker(provider="groq", state="open")


@pytest.mark.parametrize(
    ("sent", "state"),
    [
        ("half-open", "half_open"),
        ("HALF_OPEN", "half_open"),
        ("halfopen", "half_open"),
        ("HalfOpen", "half_open"),
        ("half open", "half_open"),
        ("probing", "half_open"),
        ("Tripped", "open"),
        ("isolated", "open"),
        ("OK", "closed"),
        ("normal", "closed"),
        (0, "closed"),
        (1, "half_open"),
        (2, "open"),
        (True, "open"),
        (False, "closed"),
        ("forced_open", "forced_open"),
        ("disabled", "disabled"),
        ("Sulking", "Sulking"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_state_words(sent: Any, state: str) -> None:
    assert one({"provider": "x", "state": sent}).state == state


@pytest.mark.parametrize(
    "entry",
    [
        {"status": "open"},
        {"circuit_state": "open"},
        {"circuitState": "Open"},
        {"open": True},
        {"is_open": "true"},
        {"tripped": 1},
        {"isOpen": True},
    ],
)
def test_state_keys(entry: dict[str, Any]) -> None:
    assert one({"provider": "x", **entry}).state == "open"


def test_foreign_states_have_a_nearest_one() -> None:
    nearest = {
        word: one({"provider": "x", "state": word}).nearest_state
        for word in ("forced_open", "disabled", "forced-closed", "odd")
    }
    assert nearest == {
        "forced_open": "open",
        "disabled": "closed",
        "forced-closed": "closed",
        "odd": "unknown",
    }


@pytest.mark.parametrize(
    ("entry", "key", "provider", "scope"),
    [
        ({"provider": "openai"}, None, "openai", None),
        ({}, "openai:gpt-4o", "openai", "gpt-4o"),
        ({}, "openai/gpt-4o", "openai", "gpt-4o"),
        ({"name": "ollama/qwen2.5:14b"}, None, "ollama", "qwen2.5:14b"),
        ({"provider": "openai", "model": "openai/gpt-4o"}, None, "openai", "gpt-4o"),
        ({}, "groq", "groq", None),
    ],
)
def test_breakers_of_one_model_keep_their_scope(
    entry: Any, key: str | None, provider: str, scope: str | None
) -> None:
    entry = {**entry, "state": "open"}
    body = [entry] if key is None else {"breakers": {key: entry}}
    found = read_circuit_breakers(body).data[0]
    assert (found.provider, found.scope) == (provider, scope)
    assert found.id == (provider if scope is None else f"{provider}/{scope}")


@pytest.mark.parametrize(
    "entry",
    [
        {"next_attempt_at": "2026-11-20T14:30:22Z"},
        {"nextAttempt": 1795185022000},
        {"retry_at": 1795185022},
        {"open_until": "1795185022"},
        {"expires_at": 1795185022},
        {"retry_after": 22},
        {"remaining_seconds": "22"},
        {"retryAfterMs": 22000},
        {"cooldown": "22s"},
        {"opened_at": "2026-11-20T14:29:22Z", "timeout": "60s"},
    ],
)
def test_until_when(entry: dict[str, Any]) -> None:
    found = one({"provider": "x", "state": "open", **entry})
    assert found.next_attempt_at == NOW + timedelta(seconds=22)
    assert found.retry_after == 22.0
    assert found.seconds_to_probe(NOW + timedelta(seconds=2)) == 20.0


def test_durations_count_from_the_servers_own_time() -> None:
    report = read_circuit_breakers(
        {
            "data": [{"provider": "x", "state": "open", "retry_after": 10}],
            "generated_at": "2026-11-20T14:00:00Z",
        },
        NOW,
    )
    assert report.data[0].next_attempt_at == datetime(2026, 11, 20, 14, 0, 10, tzinfo=UTC)


def test_a_closed_breaker_gets_no_countdown() -> None:
    found = one({"provider": "x", "state": "closed", "timeout": "60s", "opened_at": 1795184962})
    assert (found.next_attempt_at, found.retry_after, found.seconds_to_probe(NOW)) == (None, None, None)
    assert found.opened_at == datetime(2026, 11, 20, 14, 29, 22, tzinfo=UTC)


def test_open_with_a_past_deadline_is_probe_due() -> None:
    due = one({"provider": "x", "state": "open", "next_attempt_at": "2026-11-20T14:29:59Z"})
    assert (due.probe_due, due.shown_state, due.retry_after) == (True, "open, probe due", 0.0)
    waiting = one({"provider": "x", "state": "open", "retry_after": 5})
    assert (waiting.probe_due, waiting.shown_state) == (False, "open")
    assert waiting.probe_due_at(NOW + timedelta(seconds=5))
    assert one({"provider": "x", "state": "half-open"}).shown_state == "half-open"


def test_zero_times_are_no_times() -> None:
    closed = next(
        b
        for b in read_circuit_breakers(load("circuit_breaker/status_camel.json")).data
        if b.state == "closed"
    )
    assert (closed.opened_at, closed.next_attempt_at) == (None, None)


@pytest.mark.parametrize("name", ["breakers", "circuit_breakers", "circuits", "providers", "data", "results"])
def test_envelopes(name: str) -> None:
    assert read_circuit_breakers({name: [{"provider": "x", "state": "open"}]}).data[0].state == "open"
    assert read_circuit_breakers({name: {"x": {"state": "open"}}}).data[0].provider == "x"
    assert read_circuit_breakers({name: []}).data == ()
    if name not in ("data", "results"):
        assert read_circuit_breakers({name: {"x": 2, "y": True, "z": "odd"}}).data[0].state == "open"
