"""Text that means harm, thrown at every door a person looks through: it must come out literal and harmless.

A terminal obeys whatever control bytes reach it, Textual and Rich read markup, and neither asks where a text
came from. Each door is shown alone with each text; then the whole room with a gateway that says nothing else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from rich.text import Text
from screens.stage import StageGateway, deceivers, shown, staged
from state.fake_gateway import breaker, provider
from textual import events
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static
from widgets.alone import alone

from zaguan_tui.client.errors.exceptions import APIError, ErrorKind
from zaguan_tui.client.types.providers.last_error import LastError
from zaguan_tui.state.core.store import Phase
from zaguan_tui.widgets.chart import Chart
from zaguan_tui.widgets.filterbar import FilterBar
from zaguan_tui.widgets.foreign_text import cell, foreign, foreign_line, identifier
from zaguan_tui.widgets.header import HeaderFacts, StatusHeader
from zaguan_tui.widgets.live_text import LiveText
from zaguan_tui.widgets.livetable import Column, LiveTable, TableRow
from zaguan_tui.widgets.plot import ChartSpec, PlotLine
from zaguan_tui.widgets.status import PROVIDER_MARKS, badge, mark_of
from zaguan_tui.widgets.trust import SourceAge, TrustStrip

HOSTILE = {
    "tag": "[red]text[/red]",
    "stray closing tag": "text[/]",
    "half a closing tag": "text[/",
    "action": "[@click=app.quit]text[/]",
    "link": "[link='file:///etc/passwd']text[/link]",
    "variable": "$error text $x {0} %s",
    "colour": "\x1b[31mtext\x1b[0m",
    "clear screen": "\x1b[2J\x1b[Htext",
    "window title": "\x1b]0;owned\x07text",
    "clipboard": "\x1b]52;c;b3duZWQ=\x1b\\text",
    "device control": "\x1bPq#0;2;0;0;0\x1b\\text",
    "C1": "\x9b31mtext\x9d0;owned\x9c\x90q\x9c",
    "unfinished sequence": "text\x1b[",
    "unfinished string": "\x1b]0;text",
    "shift out": "\x0etext\x0f\x07\x08\x7f",
    "bidi": "\u202etext\u2066\u2067\u202c",
    "zero width": "te\u200bxt\ufeff\u2060",
    "NUL": "te\x00xt",
    "lone surrogate": "te\ud800xt",
    "tags nobody sees": "text\U000e0041\U000e0042",
    "line separators": "te\u2028x\u2029t\x0b\x0c\x85",
    "many lines": "text\n" * 50,
    "very long line": "text " * 20_000,
    "stacked marks": "t" + "\u0301" * 500 + "ext",
    "wide": "日本語🦊👩‍👩‍👧‍👦" * 40,
}
LITERAL = {"tag": "[red]text[/red]", "stray closing tag": "text[/]", "half a closing tag": "text[/"}
"""Texts without a control character, which must be readable as they are."""


def table(text: str) -> Widget:
    made = LiveTable([Column("a", "a", 30), Column("b", "b", 20, right=True)])
    row = TableRow(text, (cell(text), cell(text, right=True)))
    made.call_after_refresh(made.show, [row])
    return made


def header(text: str) -> Widget:
    made = StatusHeader()
    facts = HeaderFacts(profile=text, environment=text, host=text, link=text, link_detail=text, credits=1.0)
    made.show(facts)
    return made


def trust(text: str) -> Widget:
    made = TrustStrip()
    made.show((SourceAge("source", Phase.FAILED, 3.0, 3, 5.0, text),))
    return made


def words(text: str) -> Widget:
    made = LiveText()
    made.call_after_refresh(made.say, foreign(text))
    return made


def note(text: str) -> Widget:
    made = FilterBar("filter")
    made.call_after_refresh(made.open)
    made.call_after_refresh(made.show_counts, 1, 2, text)
    return made


def title(text: str) -> Widget:
    made = Static(foreign_line(text), classes="panel")
    made.border_title = foreign_line(text, limit=60)
    made.border_subtitle = identifier(text[:60])
    return made


def chart(text: str) -> Widget:
    made = Chart(empty="nothing")
    labels = ((0.0, foreign_line(text, limit=8).plain), (1.0, "1"))
    made.show(
        ChartSpec((PlotLine(text, "chart-1", ((0.0, 0.5), (1.0, 1.0))),), (0, 1), (0, 1), labels, labels)
    )
    return made


DOORS: dict[str, Callable[[str], Widget]] = {
    "foreign": lambda text: Static(foreign(text)),
    "foreign_line": lambda text: Static(foreign_line(text)),
    "identifier": lambda text: Static(identifier(text)),
    "badge": lambda text: Static(badge(mark_of(PROVIDER_MARKS, text))),
    "table": table,
    "header": header,
    "trust": trust,
    "words": words,
    "filter note": note,
    "border titles": title,
    "chart": chart,
}


EACH = "Vertical { height: 10; } Chart { height: 10; } Static { max-height: 10; }"


@pytest.mark.parametrize("door", DOORS)
async def test_every_door_survives_every_text(door: str) -> None:
    shown_in = {name: Vertical(DOORS[door](text)) for name, text in HOSTILE.items()}
    async with alone(*shown_in.values(), size=(100, 10 * len(HOSTILE)), css=EACH) as pilot:
        await pilot.pause(0.1)
        assert "text" in shown(pilot.app.screen) or door == "chart"
        for name, around in shown_in.items():
            seen = shown(around)
            assert not deceivers(seen), f"{door}: {name}"
            assert not any(unicodedata.category(character) == "Cs" for character in seen), f"{door}: {name}"
            if name in LITERAL and door not in ("badge", "chart"):
                assert LITERAL[name] in seen, f"{door}: {name}"


async def test_tooltips_survive_every_text() -> None:
    below = Static("below")
    async with alone(below, size=(100, 30)) as pilot:
        for name, text in HOSTILE.items():
            below.tooltip = foreign(text[:2000])
            await pilot.hover(Static)
            await pilot.pause()
            assert not deceivers(shown(pilot.app.screen)), name


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_doors_are_plain_text(text: str) -> None:
    """Nothing within becomes a style, an action or a second line where there is one."""
    for content in (foreign(text), foreign_line(text), identifier(text)):
        assert isinstance(content, Content)
        assert not [span for span in content.spans if span.style]
        assert not deceivers(content.plain.replace("\t", " "))
    assert "\n" not in foreign_line(text).plain
    found = cell(text)
    assert isinstance(found, Text)
    assert not found.spans
    assert not deceivers(found.plain)
    found.plain.encode()


async def test_pasted_text_is_cleaned_in_the_filter() -> None:
    async with staged() as play:
        await play.press("slash")
        field = play.screen.query_one("FilterBar Input", Input)
        for name, text in HOSTILE.items():
            field.post_message(events.Paste(text[:300]))
            await play.pilot.pause()
            assert not deceivers(field.value), name
            assert not deceivers(play.text("FilterBar")), name
            field.value = ""


def hostile_gateway(gateway: StageGateway) -> None:
    names = list(HOSTILE.values())
    now = gateway.clock.now()
    gateway.providers = [
        replace(
            provider(
                text[:200], text[:300], last_error=LastError(message=text, type=text, status_code=5, at=now)
            ),
            name=text,
            circuit_state=text[:30],
        )
        for text in names
    ]
    gateway.breakers = [breaker(text[:200], text[:300], scope=text[:300]) for text in names]


async def test_a_room_full_of_hostile_text() -> None:
    async with staged(prepare=hostile_gateway, size=(160, 36)) as play:
        table = play.screen.query_one(LiveTable)
        quits: list[Any] = []
        play.app.exit = lambda *arguments, **_: quits.append(arguments)  # type: ignore[method-assign]
        for name in HOSTILE:
            assert not deceivers(play.text()), f"before or at {name}"
            table.action_cursor_down()
            await play.pilot.pause()
        for key in ("enter", "escape", "s", "S", "y"):
            await play.press(key)
            assert not deceivers(play.text()), key
        await play.pilot.click("#providers", offset=(4, 5))
        await play.pilot.click("#detail", offset=(4, 0))
        await play.resize(80, 24)
        await play.press("enter")
        assert not deceivers(play.text())
        assert "\x1b" not in play.app.clipboard
        assert not quits


async def test_a_hostile_error_becomes_a_sentence() -> None:
    def prepare(gateway: StageGateway) -> None:
        text = "\x1b]0;x\x07[/] [@click=app.quit]y[/] \u202e" + "long " * 500
        gateway.fail_all(lambda: APIError(text, kind=ErrorKind.SERVER, status=500, request_id=text))

    async with staged(prepare=prepare) as play:
        for _ in range(4):
            await play.advance(20)
        assert "✖" in play.text("#headline")
        assert not deceivers(play.text())


async def test_toasts_of_alerts_are_literal() -> None:
    async with staged() as play:
        await play.advance(6)
        for name in (
            "stray closing tag",
            "action",
            "colour",
            "window title",
            "bidi",
            "many lines",
            "very long line",
        ):
            text, at = HOSTILE[name], play.clock.now()
            play.gateway.breakers = [breaker("groq", "open", last_state_change_at=at), breaker("openai")]
            play.gateway.providers = [provider("groq"), provider("openai")]
            play.gateway.providers = [replace(one, name=text) for one in play.gateway.providers]
            await play.advance(6)
            await play.until(lambda: len(play.app._notifications))
            assert not deceivers(play.text()), name
            play.gateway.breakers = [breaker("groq"), breaker("openai")]
            await play.advance(40)
            assert not deceivers(play.text()), name
            await play.clear_toasts()
