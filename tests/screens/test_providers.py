"""The providers screen on a stage: a gateway of plain objects, a clock that moves when stepped."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from state.fake_gateway import breaker, provider

from screens.stage import SMALL, Stage, StageGateway, deceivers, staged
from zaguan_tui.client.errors.exceptions import APIError, ErrorKind, TransportError, TransportReason
from zaguan_tui.client.types.providers.last_error import LastError
from zaguan_tui.client.types.providers.latency import Latency
from zaguan_tui.client.types.providers.providers import RequestCounts
from zaguan_tui.widgets.filterbar import FilterBar
from zaguan_tui.widgets.livetable import LiveTable

NAMES = ("anthropic", "groq", "mistral", "openai", "xai")


def calm(gateway: StageGateway) -> None:
    """Five healthy providers with closed breakers."""
    gateway.providers = [provider(name, models_count=3) for name in NAMES]
    gateway.breakers = [breaker(name, last_state_change_at=gateway.clock.now()) for name in NAMES]


def crowd(count: int) -> Callable[[StageGateway], None]:
    def prepare(gateway: StageGateway) -> None:
        gateway.providers = [provider(f"provider-{number:03}") for number in range(count)]
        gateway.breakers = [breaker(f"provider-{number:03}") for number in range(count)]

    return prepare


def trip(gateway: StageGateway, name: str, seconds: float = 30.0) -> None:
    """Open a provider's breaker; the next probe is due in so many seconds."""
    now = gateway.clock.now()
    gateway.breakers = [
        breaker(
            name,
            "open",
            last_state_change_at=now,
            next_attempt_at=now + timedelta(seconds=seconds),
            window_requests=20,
            window_failures=12,
            trips_total=1,
        )
        if one.provider == name
        else one
        for one in gateway.breakers
    ]
    gateway.providers = [replace(one, status="down") if one.id == name else one for one in gateway.providers]


def order(play: Stage) -> list[str]:
    """The providers from top to bottom."""
    return [str(row.key.value) for row in table(play).ordered_rows]


def table(play: Stage) -> LiveTable:
    found = play.screen.query_one(LiveTable)
    assert isinstance(found, LiveTable)
    return found


def absent() -> Exception:
    return APIError("no such route", kind=ErrorKind.NOT_FOUND, status=404, endpoint_absent=True)


def refused() -> Exception:
    return TransportError("connection refused", reason=TransportReason.REFUSED)


async def test_rows_appear_and_change_in_place() -> None:
    async with staged(prepare=calm) as play:
        assert order(play) == list(NAMES)
        assert "5 healthy" in play.text("#headline")
        line = next(line for line in play.text("LiveTable").splitlines() if "groq" in line)
        assert line.split() == [
            "groq",
            "●",
            "healthy",
            "250",
            "ms",
            "800",
            "ms",
            "1.0",
            "%",
            "of",
            "100",
            "─",
            "closed",
            "▁",
            "3",
        ]
        play.gateway.providers[1] = provider("groq", "degraded", latency=Latency(p50=90.0, p95=4200.0))
        await play.advance(6)
        line = next(line for line in play.text("LiveTable").splitlines() if "groq" in line)
        assert "▲ degraded" in line
        assert "4.20 s" in line


async def test_the_cursor_stays_on_the_provider_that_was_chosen() -> None:
    async with staged(prepare=calm) as play:
        await play.press("down", "down", "down")
        assert table(play).selected_key == "openai"
        trip(play.gateway, "xai")
        await play.advance(6)
        assert order(play)[0] == "xai"
        assert table(play).selected_key == "openai"
        await play.press("S")
        assert order(play)[-1] == "xai"
        assert table(play).selected_key == "openai"
        assert "openai" in play.text("#detail").splitlines()[0]


async def test_before_a_choice_the_worst_provider_is_under_the_cursor() -> None:
    async with staged(prepare=calm) as play:
        assert table(play).selected_key == "anthropic"
        trip(play.gateway, "xai")
        await play.advance(6)
        assert table(play).selected_key == "xai"
        assert "xai" in play.text("#detail").splitlines()[0]


async def test_scroll_and_cursor_survive_refreshes_and_sorting() -> None:
    async with staged(prepare=crowd(300), size=SMALL) as play:
        await play.press("end")
        assert table(play).selected_key == "provider-299"
        table(play).move_cursor(row=279)
        await play.pilot.pause()
        offset = table(play).scroll_offset.y
        assert offset > 250
        play.gateway.providers[5] = provider("provider-005", latency=Latency(p50=1.0, p95=2.0))
        await play.advance(6)
        assert table(play).scroll_offset.y == offset
        assert table(play).selected_key == "provider-279"
        play.gateway.providers.reverse()
        await play.press("s", "s")
        assert table(play).selected_key == "provider-279"
        assert "provider-279" in play.text("LiveTable")


async def test_sort_goes_through_the_columns_and_reverse_turns_it() -> None:
    def prepare(gateway: StageGateway) -> None:
        calm(gateway)
        for place, p95 in enumerate((500.0, 100.0, 400.0, 300.0, None)):
            gateway.providers[place] = provider(NAMES[place], latency=Latency(p95=p95))

    async with staged(prepare=prepare) as play:
        assert "state ▴" in play.text("LiveTable")
        await play.press("s", "s")
        assert "p95 ▴" in play.text("LiveTable")
        assert order(play) == ["groq", "openai", "mistral", "anthropic", "xai"]
        await play.press("S")
        assert "p95 ▾" in play.text("LiveTable")
        assert order(play) == ["anthropic", "mistral", "openai", "groq", "xai"]
        await play.press(*["s"] * 4)
        assert "provider ▾" in play.text("LiveTable")


async def test_a_click_on_a_heading_sorts() -> None:
    async with staged(prepare=calm) as play:
        await play.pilot.click("#providers", offset=(3, 0))
        await play.pilot.pause()
        assert "provider ▴" in play.text("LiveTable")
        await play.pilot.click("#providers", offset=(3, 0))
        await play.pilot.pause()
        assert "provider ▾" in play.text("LiveTable")
        assert order(play) == sorted(NAMES, reverse=True)


async def test_filter_narrows_counts_and_comes_back() -> None:
    async with staged(prepare=calm) as play:
        await play.press("down", "down")
        await play.press("slash", *"gro")
        assert order(play) == ["groq"]
        assert "1 of 5" in play.text("FilterBar")
        assert "groq" in play.text("#detail").splitlines()[0]
        await play.press("escape")
        assert not play.screen.query_one(FilterBar).display
        assert order(play) == list(NAMES)
        assert table(play).selected_key == "mistral"
        assert table(play).has_focus


async def test_filter_grammar() -> None:
    async with staged(prepare=calm) as play:
        trip(play.gateway, "xai")
        play.gateway.providers[0] = provider("anthropic", latency=Latency(p95=9000.0))
        await play.advance(6)
        await play.press("slash")
        for text, left in (
            ("breaker:open", ["xai"]),
            ("state:down", ["xai"]),
            ("!xai", ["anthropic", "groq", "mistral", "openai"]),
            ("p95>2000", ["anthropic"]),
            ("errors>5", []),
            ("models>=3 groq", ["groq"]),
        ):
            play.screen.query_one("FilterBar Input").value = text
            await play.pilot.pause()
            assert order(play) == left, text


async def test_an_unknown_field_is_named() -> None:
    async with staged(prepare=calm, size=SMALL) as play:
        await play.press("slash", *"stae:down")
        bar = play.text("FilterBar")
        assert "There is no field stae; did you mean state?" in bar
        assert "0 of 5" in bar
        assert "stae:down" in bar


async def test_escape_leaves_the_field_then_the_detail_then_the_filter() -> None:
    async with staged(prepare=calm, size=SMALL) as play:
        await play.press("slash", *"o", "enter")
        assert table(play).has_focus
        await play.press("enter")
        assert play.screen.has_class("-detail")
        await play.press("escape")
        assert not play.screen.has_class("-detail")
        assert play.screen.query_one(FilterBar).text == "o"
        await play.press("escape")
        assert play.screen.query_one(FilterBar).text == ""
        await play.press("escape")
        assert order(play) == list(NAMES)


async def test_on_a_small_terminal_the_detail_takes_the_tables_place() -> None:
    async with staged(prepare=calm, size=SMALL) as play:
        assert "p50 250 ms" not in play.text()
        await play.press("down", "enter")
        assert not table(play).display
        detail = play.text("#detail")
        assert detail.splitlines()[0].startswith("─ groq · 3 models ─")
        assert "p50 250 ms   p95 800 ms" in detail
        assert "1.0 % of 100 requests" in detail
        await play.press("down")
        assert "mistral" in play.text("#detail").splitlines()[0]
        await play.press("k", "k")
        assert "anthropic" in play.text("#detail").splitlines()[0]
        await play.press("escape")
        assert table(play).display
        assert table(play).has_focus
        assert table(play).selected_key == "anthropic"


async def test_on_a_tall_terminal_the_detail_is_always_there() -> None:
    async with staged(prepare=calm, size=(80, 30)) as play:
        assert "anthropic" in play.text("#detail").splitlines()[0]
        assert "groq" in play.text("LiveTable")
        before = play.screen.query_one("#detail").size.height
        await play.press("enter")
        assert play.screen.query_one("#detail").size.height > before
        assert table(play).display


async def test_the_table_comes_before_the_detail_and_facts_are_whole() -> None:
    def prepare(gateway: StageGateway) -> None:
        crowd(19)(gateway)
        trip(gateway, "provider-000")
        gateway.breakers[0] = replace(gateway.breakers[0], trips_total=12)

    async with staged(prepare=prepare, size=(200, 50)) as play:
        await play.press("enter")
        assert all(f"provider-{number:03}" in play.text("LiveTable") for number in range(19))
        assert play.screen.query_one("#detail").outer_size.height <= 20
        await play.resize(120, 40)
        assert "opened 12 times" in play.text("#condition")


async def test_toasts_stand_at_the_bottom_right() -> None:
    async with staged(prepare=calm) as play:
        trip(play.gateway, "groq")
        await play.advance(6)
        await play.until(lambda: "groq: breaker open" in play.text("Toast"))
        toast = play.screen.query_one("Toast").region
        assert toast.width <= 48
        width, height = play.screen.size
        assert (toast.right, toast.bottom) == (width - 2, height - 2)


async def test_no_toast_lies_over_a_sheet() -> None:
    async with staged(prepare=calm) as play:
        await play.press("question_mark")
        trip(play.gateway, "groq")
        await play.clock.advance(6)
        await play.pilot.pause()
        assert play.session.app_state.alerts.entries
        assert not play.app._notifications


async def test_the_chart_is_drawn_from_the_readings() -> None:
    async with staged(prepare=calm) as play:
        for _ in range(5):
            await play.advance(5)
        await play.until(lambda: "⠉" in play.text("#latency") and "···" in play.text("#latency"))
        chart = play.text("#latency")
        assert "1.00 s┤" in chart
        assert "−1 min" in chart
        assert "now" in chart
        assert "5 %┤" in play.text("#errors")


async def test_a_chart_without_readings_says_why() -> None:
    def prepare(gateway: StageGateway) -> None:
        gateway.providers = [provider("quiet", latency=Latency(), error_rate=None, requests=RequestCounts())]
        gateway.breakers = []

    async with staged(prepare=prepare) as play:
        assert "No latency was read in the last 15 minutes." in " ".join(play.text("#latency").split())
        assert "No error rate was read" in play.text("#errors")
        line = next(line for line in play.text("LiveTable").splitlines() if "quiet" in line)
        assert line.split() == ["quiet", "●", "healthy", "–", "–", "–", "–", "–"]
        assert "this gateway does not say" in play.text("#detail")


async def test_an_opening_is_shown_as_text_lane_and_transition() -> None:
    async with staged(prepare=calm, size=(160, 45)) as play:
        await play.advance(10)
        trip(play.gateway, "groq")
        await play.advance(6)
        await play.until(lambda: "groq: breaker open" in play.text())
        await play.clear_toasts()
        assert "groq open for 6 s" in play.text("#headline"), "one moment, one clock"
        assert "for 6 s" in play.text("#condition")
        assert "╱ open  6 s ago" in play.text("#transitions")
        assert "─━" in play.text("#lane")
        assert "12 of 20 requests failed" in play.text("#transitions")
        assert "opened 1 time" in play.text("#condition")


async def test_down_and_its_breaker_open_are_one_toast_and_one_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    bells: list[int] = []
    async with staged(prepare=calm) as play:
        monkeypatch.setattr(play.app, "bell", lambda: bells.append(1))
        play.gateway.providers[1] = provider("groq", "down")
        await play.advance(6)
        await play.until(lambda: "groq is down" in play.text())
        trip(play.gateway, "groq")
        await play.advance(6)
        await play.until(lambda: "groq: breaker open" in play.text())
        assert "groq is down" not in play.text()
        assert "Calls to groq are refused; probe in" in play.text()
        assert len(bells) == 1
        assert [alert.title for alert in play.session.app_state.alerts.active] == ["groq: breaker open"]


async def test_the_countdown_moves_every_second() -> None:
    async with staged(prepare=calm) as play:
        trip(play.gateway, "groq", seconds=32)
        await play.advance(6)
        await play.clear_toasts()
        seen = []
        for _ in range(3):
            line = next(line for line in play.text("LiveTable").splitlines() if "groq" in line)
            seen.append(line.partition("open")[2].split()[0])
            play.clock.jump(1)
            await play.tick()
        first = int(seen[0].removeprefix("0:"))
        assert seen == [f"0:{first}", f"0:{first - 1}", f"0:{first - 2}"]
        assert f"probe in 0:{first - 3}" in play.text("#condition")
        play.clock.jump(60)
        await play.tick()
        assert "probe due" in play.text("LiveTable")


async def test_the_screen_ticks_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    async with staged(prepare=calm) as play:
        timers = [timer for timer in play.screen._timers if timer._interval == 1.0]
        assert len(timers) == 1


async def test_contradictions_are_marked_and_spelled_out() -> None:
    async with staged(prepare=calm) as play:
        trip(play.gateway, "groq", seconds=90)
        play.gateway.providers = [provider(name) for name in NAMES]
        for _ in range(3):
            await play.advance(6)
        line = next(line for line in play.text("LiveTable").splitlines() if "groq" in line)
        assert "● healthy ≠" in line
        assert "≠ reported healthy, but its breaker is open" in play.text("#contradictions")


async def test_trust_from_first_load_to_failed_and_back() -> None:
    def prepare(gateway: StageGateway) -> None:
        calm(gateway)
        gateway.delay = 3.0

    async with staged(prepare=prepare) as play:
        strip = lambda: play.text("TrustStrip")  # noqa: E731
        assert strip().split("·")[0].strip() == "provider status loading …"
        assert "Asking the gateway for its providers …" in play.text("#headline")
        await play.advance(4)
        assert "provider status now" in strip()
        play.gateway.delay = 0.0
        play.gateway.fail_all(refused)
        await play.advance(6)
        assert "▲ last good 9 s ago, 1 failed poll" in strip() or "▲ last good" in strip()
        assert order(play) == list(NAMES)
        for _ in range(30):
            await play.advance(5)
        assert "failed polls, last good" in strip()
        assert "✖" in strip()
        assert order(play) == list(NAMES)
        play.gateway.errors.clear()
        await play.press("r")
        await play.until(lambda: "✖" not in strip() and "▲" not in strip())
        assert "circuit breakers now" in strip()


async def test_never_read_and_failing_says_so_in_a_sentence() -> None:
    async with staged(prepare=lambda gateway: gateway.fail_all(refused)) as play:
        await play.advance(2)
        headline = play.text("#headline")
        assert headline.strip().startswith("✖")
        assert "127.0.0.1:8787" in headline
        assert "✖" in play.text("TrustStrip")
        assert "No provider is selected." in play.text("#detail")


async def test_a_gateway_without_both_endpoints() -> None:
    async with staged(prepare=lambda gateway: gateway.fail_all(absent)) as play:
        await play.advance(1)
        assert play.text("TrustStrip").startswith(
            " provider status, circuit breakers ⊘ this gateway does not offer it"
        )
        assert order(play) == []
        assert "✖" not in play.text("#headline")
        assert "This gateway does not tell of its providers." in play.text("#headline")


@pytest.mark.parametrize(("missing", "left"), [("status", "─ closed"), ("breakers", "● healthy")])
async def test_a_gateway_with_one_of_the_endpoints(missing: str, left: str) -> None:
    def prepare(gateway: StageGateway) -> None:
        calm(gateway)
        gateway.errors[missing] = absent

    async with staged(prepare=prepare) as play:
        await play.advance(1)
        assert order(play) == list(NAMES)
        assert left in play.text("LiveTable")
        assert play.text("TrustStrip").count("⊘") == 1


async def test_copy_sends_the_gateways_own_record() -> None:
    def prepare(gateway: StageGateway) -> None:
        calm(gateway)
        gateway.providers[0] = provider("anthropic", raw={"id": "anthropic", "note": "a\x1b]52;c;eA==\x07b"})
        gateway.breakers[0] = breaker("anthropic", raw={"state": "closed"})

    async with staged(prepare=prepare) as play:
        await play.press("y")
        copied = play.app.clipboard
        assert "\x1b" not in copied
        assert json.loads(copied)["provider"]["note"] == "a\x1b]52;c;eA==\x07b"
        assert json.loads(copied)["breakers"] == [{"state": "closed"}]
        await play.until(lambda: "Sent anthropic as JSON to the terminal's" in play.text())
        await play.until(lambda: "clipboard." in play.text())


async def test_copy_with_nothing_selected_says_so() -> None:
    async with staged(prepare=crowd(0)) as play:
        await play.press("y")
        assert play.app.clipboard == ""
        await play.until(lambda: "There is no provider to copy." in play.text())


async def test_refresh_asks_now() -> None:
    async with staged(prepare=calm) as play:
        asked = play.gateway.calls["status"], play.gateway.calls["breakers"]
        await play.press("r")
        await play.until(lambda: play.gateway.calls["status"] > asked[0])
        assert play.gateway.calls["breakers"] > asked[1]


async def test_a_link_opens_the_provider() -> None:
    async with staged("playground", prepare=calm) as play:
        await play.app.open_link("provider:groq")
        await play.pilot.pause()
        assert play.screen.NAME == "providers"
        assert table(play).selected_key == "groq"
        assert play.screen.has_class("-detail")
        assert "groq" in play.text("#detail").splitlines()[0]


async def test_a_link_waits_for_the_first_reading() -> None:
    def prepare(gateway: StageGateway) -> None:
        calm(gateway)
        gateway.delay = 3.0

    async with staged(prepare=prepare) as play:
        await play.app.open_link("provider:openai")
        await play.advance(4)
        assert table(play).selected_key == "openai"
        await play.app.open_link("provider:no-such-one")
        await play.pilot.pause()
        assert table(play).selected_key == "openai"


async def test_a_theme_switch_recolours_the_cells() -> None:
    async with staged(prepare=calm) as play:
        before = table(play).get_cell("groq", "state").style
        play.app.theme = "zaguan-day"
        await play.pilot.pause()
        after = table(play).get_cell("groq", "state").style
        assert before != after


@pytest.mark.parametrize(
    ("width", "headings"),
    [
        (80, "provider state ▴ p95 errors breaker"),
        (100, "provider state ▴ p50 p95 errors breaker"),
        (120, "provider state ▴ p50 p95 errors breaker p50 trend models"),
        (200, "provider state ▴ p50 p95 errors breaker p50 trend models last error"),
    ],
)
async def test_columns_by_width(width: int, headings: str) -> None:
    async with staged(prepare=calm, size=(width, 30)) as play:
        first = play.text("LiveTable").splitlines()[0]
        assert first.split() == headings.split()
        assert not table(play).show_horizontal_scrollbar
        shown = table(play)
        assert sum(column.get_render_width(shown) for column in shown.ordered_columns) <= width - 3


async def test_resizing_back_and_forth_keeps_place_and_order() -> None:
    async with staged(prepare=crowd(60)) as play:
        await play.press("S", "G", "k")
        chosen, turned = table(play).selected_key, order(play)
        for size in (SMALL, (200, 50), (79, 20), (120, 40)):
            await play.resize(*size)
            assert table(play).selected_key == chosen
            assert order(play) == turned
            assert str(chosen) in play.text("LiveTable"), size
        assert "state ▾" in play.text("LiveTable")


async def test_the_provider_under_the_cursor_goes_and_comes_back() -> None:
    async with staged(prepare=calm) as play:
        await play.press("down", "down")
        gone = play.gateway.providers.pop(2), play.gateway.breakers.pop(2)
        await play.advance(6)
        assert "mistral" not in order(play)
        assert table(play).selected_key == "openai"
        assert "openai" in play.text("#detail").splitlines()[0]
        play.gateway.providers.append(gone[0])
        play.gateway.breakers.append(gone[1])
        await play.advance(6)
        assert table(play).selected_key == "mistral"


async def test_no_provider_at_all() -> None:
    async with staged(prepare=crowd(0)) as play:
        assert "No provider known yet" in play.text("#headline")
        assert "No provider is selected." in play.text("#detail")
        await play.press("enter", "y", "s", "S", "down", "slash", "escape")
        assert order(play) == []


async def test_last_error_is_shown_with_its_age() -> None:
    def prepare(gateway: StageGateway) -> None:
        calm(gateway)
        at = gateway.clock.now() - timedelta(minutes=3)
        gateway.providers[1] = provider(
            "groq", last_error=LastError(message="upstream said no", type=None, status_code=502, at=at)
        )

    async with staged(prepare=prepare, size=(200, 40)) as play:
        line = next(line for line in play.text("LiveTable").splitlines() if "groq" in line)
        assert line.endswith("3 min ago  502 upstream said no")


def hostile(gateway: StageGateway) -> None:
    names: dict[str, Any] = {
        "cjk": "日本語プロバイダー株式会社の長い名前",
        "emoji": "👩‍👩‍👧‍👦 family 🦊",
        "markup": "[red]x[/] [@click=app.quit]y[/] [/",
        "ansi": "a\x1b[31mred\x1b]0;title\x07b\x9b2J",
        "rtl": "\u202eevil\u2066 שלום",
    }
    gateway.providers = [replace(provider(id_), name=name) for id_, name in names.items()]
    gateway.breakers = [breaker(id_, "[bold]weird\x1b[2J[/]") for id_ in names]


@pytest.mark.parametrize("size", [SMALL, (160, 45)])
async def test_names_are_literal_aligned_and_harmless(size: tuple[int, int]) -> None:
    from rich.cells import cell_len

    async with staged(prepare=hostile, size=size) as play:
        lines = play.text("LiveTable").splitlines()[1:6]
        starts = {cell_len(line[: line.index("● healthy")]) for line in lines}
        assert len(starts) == 1, lines
        assert any("[red]x[/]" in line for line in lines)
        for key in ("enter", "down", "down", "down", "down", "escape", "y"):
            await play.press(key)
            assert not deceivers(play.text())


async def test_closing_is_offered_while_there_is_something_to_close() -> None:
    async with staged(prepare=calm, size=SMALL) as play:
        assert "Close" not in play.text("KeyBar")
        await play.press("enter")
        assert "esc Close" in play.text("KeyBar")
        await play.press("escape")
        assert "Close" not in play.text("KeyBar")
        await play.press("slash", "o", "enter")
        assert "esc Close" in play.text("KeyBar")


async def test_the_header_follows_the_line_at_once() -> None:
    async with staged(prepare=calm) as play:
        assert "● live" in play.text("StatusHeader")


async def test_a_board_that_is_no_longer_fresh_says_of_when_it_is_and_why() -> None:
    async with staged(prepare=calm) as play:
        play.gateway.fail_all(refused)
        for _ in range(16):
            await play.advance(5)
        headline = play.text("#headline")
        assert headline.startswith(" ▲ As of 1 min ago: 5 healthy.  Nothing listens on 127.0.0.1:8787")
        play.gateway.errors.clear()
        await play.press("r")
        await play.until(lambda: play.text("#headline").strip() == "5 healthy")


async def test_an_old_board_does_not_look_healthy() -> None:
    async with staged(prepare=calm) as play:
        fresh = table(play).get_cell("groq", "state").style
        play.gateway.delay = 60.0
        await play.advance(6)
        assert "As of" not in play.text("#headline")
        play.clock.jump(30)
        await play.tick()
        assert play.text("#headline").strip() == "▲ As of 36 s ago: 5 healthy"
        assert table(play).get_cell("groq", "state").style != fresh


async def test_without_a_gateway_nobody_is_asked() -> None:
    async with staged(connected=False) as play:
        await play.press("escape")
        await play.until(lambda: play.screen.is_current and "No gateway is connected." in play.text())
