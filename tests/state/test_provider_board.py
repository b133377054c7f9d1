"""The board in one sentence: who is in trouble, and of what kind."""

from __future__ import annotations

from datetime import UTC, datetime

from zaguan_tui.client.types.providers.providers import RequestCounts
from zaguan_tui.state.providers.board import ProviderBoard
from zaguan_tui.state.providers.row import ProviderRow, ProviderVerdict

from .fake_gateway import provider

NOW = datetime(2025, 1, 6, 9, 0, tzinfo=UTC)


def row(name: str, verdict: ProviderVerdict, **fields: object) -> ProviderRow:
    return ProviderRow(name, name, verdict, **fields)  # type: ignore[arg-type]  # test data


def said(*rows: ProviderRow) -> str:
    return ProviderBoard(rows).summary(NOW)


def test_the_degraded_are_named_with_their_trouble() -> None:
    limited = provider("x", requests=RequestCounts(total=203, success=166, error=37, rate_limited=30))
    assert said(
        row("Mistral", ProviderVerdict.HEALTHY),
        row("OpenAI", ProviderVerdict.DEGRADED, latency_p95=12_000.0, error_rate=0.01, requests_total=90),
        row("Anthropic", ProviderVerdict.DEGRADED, error_rate=0.18, requests_total=203, health=limited),
    ) == ("1 healthy; Anthropic degraded: 18 % of 203 fail, rate limited; OpenAI degraded: slow, p95 12.0 s")


def test_no_more_than_two_of_them_the_down_first() -> None:
    ailing = [row(f"p{number}", ProviderVerdict.DEGRADED) for number in range(4)]
    assert said(*ailing, row("groq", ProviderVerdict.DOWN)) == "groq down; p0 degraded; 3 more degraded"


def test_who_nobody_calls_is_idle_and_last() -> None:
    quiet = row("cohere", ProviderVerdict.UNKNOWN, requests_total=0)
    well = [row(f"p{number}", ProviderVerdict.HEALTHY) for number in range(18)]
    assert said(quiet, *well) == "18 healthy, 1 idle"
    assert said(quiet, row("who", ProviderVerdict.UNKNOWN), row("off", ProviderVerdict.DISABLED)) == (
        "1 unknown, 1 disabled, 1 idle"
    )
