"""Emoji take the cells that were measured, also in a terminal that knows neither U+FE0F nor skin tones."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import wcwidth

from zaguan_tui.app.workarounds.emoji import plain_emoji
from zaguan_tui.app.workarounds.terminal_driver import TerminalDriver

FIELD = Path(__file__).parents[1] / "fixtures" / "field"
LINES = (FIELD / "emoji_selectors.txt").read_text("utf-8").splitlines()
FLAG_LETTERS = ("\U0001f1e6", "\U0001f1ff")


def cells_in_tmux(text: str) -> int:
    """As tmux 3.3 counts: each character for itself, a skin tone two, what is joined to another none."""
    width, joined = 0, False
    for character in text:
        tone = "\U0001f3fb" <= character <= "\U0001f3ff"
        own = 1 if FLAG_LETTERS[0] <= character <= FLAG_LETTERS[1] else max(0, wcwidth(character))
        width += 0 if joined or character == "\ufe0f" else 2 if tone else own
        joined = character == "\u200d"
    return width


@pytest.mark.parametrize("line", [line for line in LINES if line], ids=ascii)
def test_a_line_is_as_wide_as_it_was_measured(line: str) -> None:
    assert cells_in_tmux(plain_emoji(line)) == cell_len(line)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("❤️|", "❤ |"),
        ("⚠️ warn|", "⚠  warn|"),
        ("1️⃣ key|", "1⃣  key|"),
        ("✅️|", "✅|"),
        ("👍🏽|", "👍|"),
        ("☝🏽|", "☝|"),
        ("👩🏽‍💻|", "👩‍💻|"),
        ("🏳️‍🌈|", "🏳 |"),
        ("👨‍👩‍👧|", "👨‍👩‍👧|"),
        ("🇩🇪|", "🇩🇪|"),
        ("plain ü 語|", "plain ü 語|"),
        ("\x1b[1m❤️\x1b[0m\x1b[2;5H|", "\x1b[1m❤ \x1b[0m\x1b[2;5H|"),
        ("\x1b[1m\ufe0f|", "\x1b[1m|"),
        ("क्‍ष|", "क्‍ष|"),
    ],
)
def test_what_is_written(text: str, written: str) -> None:
    assert plain_emoji(text) == written
    if "\x1b" not in text:
        assert cells_in_tmux(written) == cell_len(text)


@given(st.text(st.sampled_from("a ❤⚠👍👩💻🏳🌈1\ufe0f\u20e3\u200d\U0001f3fd\x1b[m\n"), max_size=20))
def test_neither_selectors_nor_tones_are_written(text: str) -> None:
    written = plain_emoji(f"x{text}")
    assert "\ufe0f" not in written
    assert written.count("\n") == text.count("\n")
    assert written.count("\x1b") == text.count("\x1b")


class Writer:
    def __init__(self) -> None:
        self.written = ""

    def write(self, data: str) -> None:
        self.written += data


def test_the_driver_writes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = TerminalDriver.__new__(TerminalDriver)
    writer = Writer()
    monkeypatch.setattr(driver, "_writer_thread", writer, raising=False)
    driver.write("❤️|")
    assert writer.written == "❤ |"
