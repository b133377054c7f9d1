"""The one-line widgets, without an app: what they say, and that they never say more than fits."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from textual.content import Content

from widgets.alone import on_line, styles_in
from zaguan_tui.features.registry import list_tabs
from zaguan_tui.state.core.store import Phase
from zaguan_tui.widgets.header import HeaderFacts, StatusHeader
from zaguan_tui.widgets.sparkline import sparkline
from zaguan_tui.widgets.status import BREAKER_MARKS, LINK_MARKS, PROVIDER_MARKS, badge, mark_of
from zaguan_tui.widgets.tabs import ScreenTab, ScreenTabs
from zaguan_tui.widgets.trust import SourceAge, TrustStrip

FACTS = HeaderFacts(
    profile="work",
    environment="prod",
    host="gateway.example.com:8443",
    link="live",
    latency_ms=42.0,
    credits=12345.6,
    credits_fraction=0.58,
    alerts=2,
    requests_per_s=0.5,
    read_only=True,
)
WIDTHS = range(40, 201)


def header(width: int, facts: HeaderFacts) -> Content:
    widget = on_line(StatusHeader, width)
    widget._facts = facts
    drawn: Content = widget.render()
    return drawn


def test_the_header_says_everything_where_there_is_room() -> None:
    line = header(200, FACTS).plain
    for word in (
        "zaguan",
        "work · prod",
        "gateway.example.com:8443",
        "● live 42 ms",
        "▲ 2 alerts",
        "read-only",
    ):
        assert word in line
    assert "12,345.6 credits  ━━━━━━━━ 58%  0.5 req/s" in line


LONG = replace(FACTS, profile="p" * 60, host="h" * 80, link="reconnecting", link_detail="next try in 0:42")
WIDE_LETTERS = replace(FACTS, profile="日本語" * 20, host="例え.jp:443", credits=1e12, alerts=1000)


@pytest.mark.parametrize(
    "facts", [FACTS, LONG, WIDE_LETTERS, HeaderFacts()], ids=["all", "long", "wide", "none"]
)
def test_the_header_is_never_wider_than_its_line(facts: HeaderFacts) -> None:
    for width in WIDTHS:
        assert header(width, facts).cell_length <= width, width


def test_the_header_drops_what_matters_least_first() -> None:
    parts = ("0.5 req/s", "gateway", "━━━", "read-only", "credits", "work", "alerts", "live", "zaguan")
    seen = []
    for width in WIDTHS:
        line = header(width, FACTS).plain
        seen.append(tuple(part in line for part in parts))
    assert all(less <= more for less, more in pairwise(seen)), "a part came and went"
    for flags in seen:
        assert list(flags) == sorted(flags), f"{flags}: something went before what matters less"
    assert seen[-1] == (True,) * len(parts)
    assert seen[0][-2:] == (True, True)


def test_the_header_keeps_the_right_side_at_the_right() -> None:
    for width in (80, 120, 200):
        assert header(width, FACTS).cell_length == width


@pytest.mark.parametrize(
    ("fraction", "bar", "color"),
    [(0.0, 0, "$error"), (0.05, 0, "$error"), (0.5, 4, "$primary"), (7.0, 8, "$primary")],
)
def test_the_gauge(fraction: float, bar: int, color: str) -> None:
    drawn = header(200, replace(FACTS, credits_fraction=fraction))
    full = [
        span for span in drawn.spans if str(span.style) == color and "━" in drawn.plain[span.start : span.end]
    ]
    assert sum(span.end - span.start for span in full) == bar


def tabs(width: int, current: str = "providers") -> ScreenTabs:
    rooms = [
        ScreenTab(room.name, room.digit, room.title, room.short_title, bool(room.promise))
        for room in list_tabs()
    ]
    widget: ScreenTabs = on_line(ScreenTabs, width, rooms, current)
    return widget


@pytest.mark.parametrize("room", [room.name for room in list_tabs()])
def test_tabs_fit_and_always_say_where_one_is(room: str) -> None:
    for width in WIDTHS:
        widget = tabs(width, room)
        line = widget.render()
        assert line.cell_length <= width, width
        title = next(one for one in list_tabs() if one.name == room)
        assert title.title in line.plain or title.short in line.plain
        assert [zone.target for zone in widget._zones] == [one.name for one in list_tabs()]
        for zone, one in zip(widget._zones, list_tabs(), strict=True):
            assert line.plain[zone.start : zone.end].startswith(one.digit)


def test_a_room_to_come_is_fainter() -> None:
    drawn = tabs(200).render()
    faint = [drawn.plain[span.start : span.end] for span in drawn.spans if str(span.style) == "$ink-faint"]
    assert "Jobs" in faint
    assert "Playground" not in faint


def strip(width: int, *sources: SourceAge, coverage: str = "") -> Content:
    widget = on_line(TrustStrip, width)
    widget._sources, widget._coverage = sources, coverage
    drawn: Content = widget.render()
    return drawn


@pytest.mark.parametrize(
    ("source", "words", "style"),
    [
        (SourceAge("x", Phase.FIRST_LOAD, None), "x loading …", "$ink-soft"),
        (SourceAge("x", Phase.FRESH, 42.0), "x 40 s ago", "$ink-soft"),
        (SourceAge("x", Phase.ABSENT, None), "x ⊘ this gateway does not offer it", "$ink-soft"),
        (
            SourceAge("x", Phase.STALE, 42.0, 1, 3.0),
            "x ▲ last good 42 s ago, 1 failed poll, next try in 0:03",
            "$warning",
        ),
        (SourceAge("x", Phase.STALE, 42.0, 2), "x ▲ last good 42 s ago, 2 failed polls", "$warning"),
        (
            SourceAge("x", Phase.FAILED, 180.0, 5, 60.0, "Nobody listens."),
            "x ✖ 5 failed polls, last good 3 min ago, next try in 1:00 Nobody listens.",
            "$error",
        ),
        (SourceAge("x", Phase.FAILED, None, 1, None, "No."), "x ✖ 1 failed poll No.", "$error"),
    ],
)
def test_trust_in_every_phase(source: SourceAge, words: str, style: str) -> None:
    drawn = strip(120, source)
    assert drawn.plain.strip() == words
    assert style in styles_in(drawn)


def test_trust_fits_its_line_and_keeps_the_coverage() -> None:
    failed = SourceAge("provider status", Phase.FAILED, 180.0, 5, 60.0, "a long reason " * 20)
    for width in WIDTHS:
        drawn = strip(width, failed, SourceAge("circuit breakers", Phase.FRESH, 1.0), coverage="12 of 17")
        assert drawn.cell_length <= width
        assert drawn.plain.endswith("12 of 17")
        assert "\n" not in drawn.plain


@pytest.mark.parametrize(
    ("values", "width", "drawn"),
    [
        ((), 4, "    "),
        ((None, None), 4, "    "),
        ((5.0,), 4, "   ▁"),
        ((1.0, 2.0, 3.0), 3, "▁▃▆"),
        ((1.0, None, 3.0), 3, "▁ ▆"),
        ((9.0, 9.0, 1.0, 7.0), 2, "▁▆"),
        ((100.0, 101.0, 102.0), 3, "▁▁▁"),
        ((0.0, 0.0), 2, "▁▁"),
        ((1.0, 2.0), 0, ""),
    ],
)
def test_sparkline(values: tuple[float | None, ...], width: int, drawn: str) -> None:
    assert sparkline(values, width) == drawn


def test_every_state_has_a_shape_and_a_word_of_its_own() -> None:
    for marks in (PROVIDER_MARKS, BREAKER_MARKS):
        assert len({mark.shape for mark in marks.values()}) == len(marks)
    for marks in (PROVIDER_MARKS, BREAKER_MARKS, LINK_MARKS):
        for mark in marks.values():
            assert len(mark.shape) == 1
            assert badge(mark).plain == f"{mark.shape} {mark.word}"
            assert styles_in(badge(mark)) == {f"${mark.color}"}


def test_a_state_nobody_has_heard_of_keeps_its_word() -> None:
    assert mark_of(PROVIDER_MARKS, "on fire").word == "on fire"
    assert mark_of(PROVIDER_MARKS, None).word == "unknown"
    strange: Any = mark_of(BREAKER_MARKS, "\x1b[31m[red]very long\nword of the server")
    assert len(strange.word) <= 16
    assert not set(strange.word) & {"\x1b", "\n"}


def test_sources_with_the_same_trouble_are_told_once() -> None:
    status = SourceAge("status", Phase.STALE, 40.0, 1, 9.0, "Nobody listens.")
    breakers = SourceAge("breakers", Phase.STALE, 42.0, 2, 3.0, "Nobody listens.")
    words = "status, breakers ▲ last good 42 s ago, 2 failed polls, next try in 0:03"
    assert strip(100, status, breakers).plain.strip() == words
    absent = replace(breakers, phase=Phase.ABSENT)
    assert "status ▲" in strip(120, status, absent).plain
    fresh = SourceAge("a", Phase.FRESH, 1.0), SourceAge("b", Phase.FRESH, 1.0)
    assert strip(60, *fresh).plain.strip() == "a now · b now"
