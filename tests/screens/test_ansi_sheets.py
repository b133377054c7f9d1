"""Sheets on a terminal's own sixteen colours: nothing is blacked out, the chosen row stands out."""

from __future__ import annotations

import pytest

from screens.stage import staged

ANSI = ("ansi-dark", "ansi-light")


@pytest.mark.parametrize("theme", ANSI)
async def test_a_sheet_leaves_the_room_in_sight(theme: str) -> None:
    async with staged() as play:
        play.app.theme = theme
        await play.press("question_mark")
        assert play.screen.styles.background.a == 0
        assert "2 healthy" in play.text(), "the headline is beside the sheet"


@pytest.mark.parametrize("theme", ANSI)
async def test_the_chosen_command_stands_out(theme: str) -> None:
    async with staged() as play:
        play.app.theme = theme
        await play.press("ctrl+p", *"quit")
        await play.until(lambda: "Quit" in play.text())
        segments = [segment for strip in play.screen._compositor.render_strips() for segment in strip]
        styles = [s.style for s in segments if s.text.strip() and s.style and s.style.bgcolor]
        chosen = [style for style in styles if style.bgcolor.number == 8]
        assert chosen
        assert all(style.color.number != 8 for style in chosen if style.color), "one on the other"
