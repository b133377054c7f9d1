"""Every detour round Textual is still needed, and does what it says."""

from __future__ import annotations

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App, ComposeResult
from textual.css import stylesheet as textual_stylesheet
from textual.screen import Screen
from textual.widgets import Input, Static

from zaguan_tui.app.workarounds import AltKeyApp, CachingStylesheet, FaultBarrier, SafeClipboard
from zaguan_tui.app.workarounds.styles import drop_renderings


class Other(Screen[None]):
    CSS = "#word { color: $error; }"

    def compose(self) -> ComposeResult:
        yield Static("word", id="word")


class Styled(App[None]):
    CSS = "Static { color: $success; }"

    def __init__(self, *, remembering: bool) -> None:
        super().__init__()
        if remembering:
            self.stylesheet = CachingStylesheet(variables=self.get_css_variables())

    def compose(self) -> ComposeResult:
        yield Static("word", id="word")


async def sources_read(monkeypatch: pytest.MonkeyPatch, *, remembering: bool) -> int:
    read = []
    original = textual_stylesheet.parse

    def counting(scope: str, css: str, *rest: object, **more: object) -> object:
        read.append(css)
        return original(scope, css, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(textual_stylesheet, "parse", counting)
    app = Styled(remembering=remembering)
    async with app.run_test() as pilot:
        read.clear()
        await app.push_screen(Other())
        await pilot.pause()
        return len(read)


async def test_a_new_screen_has_only_what_is_new_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """When Textual itself reads no more than this, the workaround can go."""
    ours = await sources_read(monkeypatch, remembering=True)
    textuals = await sources_read(monkeypatch, remembering=False)
    assert ours <= 3 < textuals


async def test_another_theme_is_another_colour() -> None:
    app = Styled(remembering=True)
    async with app.run_test() as pilot:
        seen = set()
        for theme in ("textual-dark", "nord", "gruvbox", "textual-dark"):
            app.theme = theme
            await pilot.pause()
            seen.add(app.query_one("#word").styles.color.hex)
        assert len(seen) == 3
        await app.push_screen(Other())
        await pilot.pause()
        assert app.screen.query_one("#word").styles.color.hex not in seen


class Failing(FaultBarrier[int]):
    def on_mount(self) -> None:
        raise ValueError("sk-secret in a local variable")


async def test_a_crash_is_kept_for_whoever_started_the_app(capsys: pytest.CaptureFixture[str]) -> None:
    app = Failing()
    with pytest.raises(ValueError, match="sk-secret"):
        async with app.run_test():
            pass
    assert isinstance(app.fault, ValueError)
    assert app.return_code == 1
    told = capsys.readouterr()
    assert "sk-secret" not in told.out + told.err


def keys_of(sequence: str) -> list[events.Key]:
    """What Textual makes of what an older terminal sends."""
    parser = XTermParser(False)
    heard = [*parser.feed(sequence), *parser.feed("")]
    return [event for event in heard if isinstance(event, events.Key)]


async def test_an_alt_key_types_nothing() -> None:
    """When Textual itself leaves the character out, the workaround can go."""
    (key,) = keys_of("\x1bc")
    assert (key.key, key.character) == ("alt+c", "c")

    class Field(AltKeyApp[None]):
        def compose(self) -> ComposeResult:
            yield Input()

    app = Field()
    async with app.run_test() as pilot:
        app.query_one(Input).focus()
        app.post_message(key.copy())
        await pilot.pause()
        assert app.query_one(Input).value == ""
        (key,) = keys_of("\x1b1")
        assert (key.key, key.character) == ("alt+1", "1")


async def test_whatever_is_copied_is_redacted_and_cleaned() -> None:
    class Copying(SafeClipboard[None]):
        redact_copy = staticmethod(lambda text: text.replace("sk-secret", "[redacted]"))

    app = Copying()
    async with app.run_test():
        app.copy_to_clipboard("a sk-secret\x1b]52;c;eA==\x07 \ud800")
    assert app.clipboard == "a [redacted]\N{REPLACEMENT CHARACTER} \N{REPLACEMENT CHARACTER}"


async def test_a_screen_whose_lines_were_dropped_is_painted_as_before() -> None:
    """When Textual drops the lines of hidden screens itself, the workaround can go."""
    app = Styled(remembering=True)
    async with app.run_test() as pilot:
        screen, word = app.screen, app.screen.query_one(Static)
        before = [line.text for line in screen._compositor.render_strips()]
        await app.push_screen(Other())
        await pilot.pause()
        assert word._styles_cache._cache
        drop_renderings(screen)
        assert not word._styles_cache._cache
        await app.pop_screen()
        await pilot.pause()
        assert [line.text for line in screen._compositor.render_strips()] == before
        assert "word" in before[0]
