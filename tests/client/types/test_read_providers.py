"""`GET /v1/providers/status` in every variant (`wire.md` 6.1)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from wire_fixtures import load, names

from zaguan_tui.client.types.core.primitives import UnreadableValue
from zaguan_tui.client.types.providers.last_error import LastError
from zaguan_tui.client.types.providers.latency import Latency
from zaguan_tui.client.types.providers.providers import ProviderStatus, RequestCounts, read_provider_status

EXPECTED = load("providers/expected.json")["status"]
NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
SHAPES = {
    "status": "list",
    "status_bare_list": "list",
    "status_bare_map": "map",
    "status_camel": "list",
    "status_map": "map",
    "status_words": "words",
}


def one(entry: Any) -> ProviderStatus:
    return read_provider_status({"data": [entry]}).data[0]


@pytest.mark.parametrize("name", SHAPES)
def test_every_variant_reads_into_the_expected_status(name: str) -> None:
    report = read_provider_status(load(f"providers/{name}.json"))
    assert report.dialect == SHAPES[name]
    for provider in report.data:
        expected = EXPECTED[provider.id]
        if name == "status_bare_map" and expected == "degraded":
            expected = "healthy"  # this variant knows only up and down
        assert provider.status == expected
    assert len(report.data) == (6 if "bare" in name else 15)
    assert len(SHAPES) == len(names("providers"))


def test_all_fields() -> None:
    report = read_provider_status(load("providers/status.json"))
    assert report.generated_at == NOW
    groq = next(provider for provider in report.data if provider.id == "groq")
    assert groq == ProviderStatus(
        id="groq",
        name="Groq",
        enabled=True,
        status="down",
        latency=Latency(avg=377.2, p50=328.0, p95=984.0, p99=1968.0),
        requests=RequestCounts(total=644, success=233, error=399, rate_limited=12),
        error_rate=0.6196,
        window_seconds=300.0,
        models_count=18,
        circuit_state="open",
        last_check=datetime(2026, 11, 20, 14, 29, 47, tzinfo=UTC),
        last_success_at=datetime(2026, 11, 20, 14, 24, tzinfo=UTC),
        last_error=LastError(
            message="Connection timed out after 30000 ms",
            type="timeout_error",
            status_code=504,
            at=datetime(2026, 11, 20, 14, 29, 19, tzinfo=UTC),
        ),
    )


def test_missing_numbers_stay_missing() -> None:
    novita = next(p for p in read_provider_status(load("providers/status.json")).data if p.id == "novita")
    assert (novita.latency, novita.error_rate, novita.last_check) == (Latency(), None, None)
    words = read_provider_status(load("providers/status_words.json")).data[0]
    assert words == ProviderStatus(id="openai", name="openai", status="healthy")


def test_variants_agree_on_the_facts_they_share() -> None:
    canonical = {p.id: p for p in read_provider_status(load("providers/status.json")).data}
    for provider in read_provider_status(load("providers/status_camel.json")).data:
        same = canonical[provider.id]
        assert (provider.name, provider.latency.avg, provider.latency.p95) == (
            same.name,
            same.latency.avg,
            same.latency.p95,
        )
        assert (provider.requests.success, provider.requests.error) == (
            same.requests.success,
            same.requests.error,
        )
        if provider.error_rate is not None:
            assert provider.error_rate == pytest.approx(same.error_rate, abs=2e-4)
    for provider in read_provider_status(load("providers/status_map.json")).data:
        same = canonical[provider.id]
        assert (provider.models_count, provider.error_rate) == (same.models_count, same.error_rate)
        assert (provider.last_error and provider.last_error.message) == (
            same.last_error and same.last_error.message
        )


@pytest.mark.parametrize(
    "body",
    [
        {"openai": {"status": "up"}},
        {"openai": {"status": "up"}, "total": 1, "timestamp": 1795185000, "status": "ok"},
        {"openai": "healthy"},
        {"openai": True},
        {"openai": "up", "total": 1, "timestamp": 1795185000},
        {"healthy": ["openai"]},
        {"healthy": [{"id": "openai"}], "down": []},
        {"data": {"up": ["openai"], "down": []}},
        {"providers": {"openai": "up"}},
        {"statuses": [{"slug": "openai", "is_healthy": True}]},
        {"results": [{"provider_id": "openai", "up": 1}]},
        {"success": True, "data": {"providers": [{"id": "openai", "available": True}]}},
        {"status": [{"name": "openai", "state": "Operational"}]},
        {"id": "openai", "status": "healthy"},
    ],
)
def test_envelopes(body: Any) -> None:
    found = read_provider_status(body)
    assert found.data == (ProviderStatus(id="openai", name="openai", status="healthy"),)
    assert found.notes == ()


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("UP", "healthy"),
        ("green", "healthy"),
        ("pass", "healthy"),
        ("1", "healthy"),
        ("Half-Open", "degraded"),
        ("warning", "degraded"),
        ("impaired", "degraded"),
        ("OUTAGE", "down"),
        ("critical", "down"),
        (0, "down"),
        (False, "down"),
        ("paused", "disabled"),
        ("maintenance", "disabled"),
        ("N/A", "unknown"),
        ("", "unknown"),
    ],
)
def test_status_words(word: Any, status: str) -> None:
    assert one({"id": "x", "status": word}).status == status


def test_an_unknown_word_stays_readable() -> None:
    report = read_provider_status([{"id": "x", "status": "Sulking"}])
    assert (report.data[0].status, report.data[0].status_raw) == ("unknown", "Sulking")
    assert report.notes == ("the status the text 'Sulking' is not one we know",)


def test_a_provider_switched_off_is_disabled_and_keeps_its_word() -> None:
    off = one({"id": "x", "status": "healthy", "enabled": False})
    assert (off.status, off.status_raw, off.enabled) == ("disabled", "healthy", False)
    assert one({"id": "x", "disabled": True}).status == "disabled"


@pytest.mark.parametrize(
    "entry",
    [
        {"latency": 412},
        {"latency_ms": 412.0},
        {"avg_latency_ms": "412"},
        {"responseTimeMs": 412},
        {"response_time": "412ms"},
        {"latency_s": 0.412},
        {"latencySeconds": 0.412},
        {"latency": {"mean": 412}},
        {"latency": {"avg_ms": 412}},
        {"latency": {"avgMs": "0.412s"}},
        {"latency_seconds": {"avg": 0.412}},
    ],
)
def test_latency_spellings(entry: dict[str, Any]) -> None:
    assert one({"id": "x", **entry}).latency == Latency(avg=412.0)


def test_percentile_spellings() -> None:
    beside = one({"id": "x", "p50_latency_ms": 1, "latency_p95": 2, "p99LatencyMs": 3})
    inside = one({"id": "x", "latency": {"median": 1, "p95_ms": 2, "P99": 3}})
    assert beside.latency == inside.latency == Latency(p50=1.0, p95=2.0, p99=3.0)


@pytest.mark.parametrize(
    ("entry", "rate"),
    [
        ({"error_rate": 0.25}, 0.25),
        ({"errorRate": "25%"}, 0.25),
        ({"error_rate_pct": 0.5}, 0.005),
        ({"success_rate": 0.75}, 0.25),
        ({"uptime": 99.5}, 0.005),
        ({"uptime_percent": 99.5}, 0.005),
        ({"requests": {"total": 8, "errors": 2}}, 0.25),
        ({"total_requests": 8, "errorCount": 2}, 0.25),
        ({"requests": 8}, None),
        ({"requests": {"total": 0, "error": 0}}, None),
    ],
)
def test_error_rate(entry: dict[str, Any], rate: float | None) -> None:
    assert one({"id": "x", **entry}).error_rate == rate


def test_models_are_counted() -> None:
    assert one({"id": "x", "models": ["a", "b"]}).models_count == 2
    assert one({"id": "x", "numModels": "7"}).models_count == 7


def test_now_stands_in_for_a_missing_time_only() -> None:
    assert read_provider_status([{"id": "x", "up": True}], NOW).generated_at == NOW
    assert read_provider_status({"data": [], "generated_at": 1}, NOW).generated_at == datetime(
        1970, 1, 1, 0, 0, 1, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "body", [{"status": "ok"}, {"message": "hello"}, {"data": "up"}, {"total": 3}, [1, 2], {"x": 5}]
)
def test_no_providers_is_not_an_empty_list(body: Any) -> None:
    with pytest.raises(UnreadableValue):
        read_provider_status(body)


def test_unknown_fields_are_kept() -> None:
    assert one({"id": "x", "region": "eu"}).raw["region"] == "eu"
