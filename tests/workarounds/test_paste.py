"""A paste is one paste, cleaned, and never a key press, whatever is in it and however it arrives."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from zaguan_tui.app.workarounds import paste
from zaguan_tui.app.workarounds.paste import PasteParser

FIELD = Path(__file__).parents[1] / "fixtures" / "field"
START, END = "\x1b[200~", "\x1b[201~"
COLOURED = (FIELD / "paste_with_colours.bin").read_bytes().decode()


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(paste, "get_time", clock)
    monkeypatch.setattr("textual._parser.get_time", clock)
    return clock


def read(clock: Clock, parser: PasteParser, *pieces: str, gap: float = 0.001) -> list[str]:
    """What the app gets for pieces that arrive shortly after one another, and then silence."""
    messages: list[Message] = []
    for piece in pieces:
        messages += parser.feed(piece)
        messages += parser.tick()
        clock.now += gap
    for _ in range(3):
        clock.now += 0.1
        messages += parser.tick()
    return list(described(messages))


def described(messages: Iterable[Message]) -> Iterable[str]:
    for message in messages:
        if isinstance(message, events.Paste):
            yield f"paste {message.text!r}"
        elif isinstance(message, events.Key):
            yield f"key {message.key}"
        else:
            yield type(message).__name__


@pytest.mark.parametrize(
    ("text", "pasted"),
    [
        ("one line", "one line"),
        ("", ""),
        ("two\rlines", "two\nlines"),
        ("\x1b[31mred\x1b[0m\rnext", "red\nnext"),
        ("\x1b[38;2;255;100;0m\x1b[48;2;10;20;30;1;4;9m\rlong parameters", "\nlong parameters"),
        ("csi u \x1b[13u \x1b[97;5u \x1b[27;2;13~", "csi u   "),
        ("focus \x1b[I\x1b[O", "focus "),
        ("mouse \x1b[<0;1;1M\x1b[M !!", "mouse  !!"),
        ("size \x1b[48;24;80;480;800t", "size "),
        ("report \x1b[3;5R \x1b[?2026;2$y", "report  "),
        ("link \x1b]8;;http://host\x1b\\text\x1b]8;;\x1b\\", "link text"),
        ("a lone \x1b\rand \x1b\x1b\ttwo", "a lone \nand \ttwo"),
        ("alt \x1bx keys \x1bOP", "alt  keys P"),
        (f"nested {START}start", "nested start"),
        (f"an end {END}\rrm -rf\r", "an end \nrm -rf\n"),
        (f"an end and a start {END}\rrm\r{START}tail", "an end and a start \nrm\ntail"),
        ("controls \x00\x03\x04\x1a\x7f end", "controls  end"),
        ("\x1b[", ""),
        ("cut \x1b[20", "cut "),
        ("escape " + "\x1b[" + "1;" * 40 + "m" + "\r", "escape \n"),
    ],
)
@pytest.mark.parametrize("piece", [1, 3, 7, 4096])
def test_a_paste_is_one_clean_event(clock: Clock, text: str, pasted: str, piece: int) -> None:
    whole = f"{START}{text}{END}"
    pieces = [whole[at : at + piece] for at in range(0, len(whole), piece)]
    assert read(clock, PasteParser(), *pieces) == [f"paste {pasted!r}"]


def test_coloured_output_keeps_its_three_lines(clock: Clock) -> None:
    pasted = "red build failed\nsee log\nand the rest of a long report"
    assert read(clock, PasteParser(), COLOURED) == [f"paste {pasted!r}"]


def test_textual_still_presses_keys_for_a_coloured_paste() -> None:
    """When Textual itself delivers one paste, the workaround can go."""
    heard = list(described(XTermParser(False).feed(COLOURED)))
    assert any(event.startswith("key") for event in heard)


@given(
    st.text(st.sampled_from("\x1b\x1b[]<0123456789;:~uMIOabc\r\n\x00\x03 "), max_size=80), st.integers(1, 90)
)
def test_nothing_in_a_paste_is_ever_a_key(text: str, cut: int) -> None:
    parser = PasteParser()
    whole = f"{START}{text}{END}"
    messages = [*parser.feed(whole[:cut]), *parser.tick()]
    if whole[cut:]:
        messages += parser.feed(whole[cut:])
    messages += parser.feed("")
    assert [type(message) for message in messages] == [events.Paste]


def test_keys_before_and_after_keep_their_order(clock: Clock) -> None:
    parser = PasteParser()
    assert read(clock, parser, f"a{START}b{END}\r") == ["key a", "paste 'b'", "key enter"]
    assert read(clock, parser, "c", "\x1b[A", "\x1b") == ["key c", "key up", "key escape"]
    assert read(clock, parser, "\x1b[", "A") == ["key up"]


def test_two_pastes_with_time_between_are_two(clock: Clock) -> None:
    parser = PasteParser()
    assert read(clock, parser, f"{START}a{END}", f"{START}b{END}", gap=0.2) == ["paste 'a'", "paste 'b'"]


def test_a_slow_line_splits_the_start_bracket(clock: Clock) -> None:
    assert read(clock, PasteParser(), "\x1b[20", f"0~a\r{END}", gap=0.3) == ["paste 'a\\n'"]


def test_a_lone_escape_is_not_kept_waiting(clock: Clock) -> None:
    parser = PasteParser()
    assert list(parser.feed("\x1b")) == []
    clock.now += 0.11
    assert list(described(parser.tick())) == ["key escape"]


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
def test_a_lost_end_bracket_does_not_take_the_keyboard_away(clock: Clock, key: str) -> None:
    parser = PasteParser()
    assert read(clock, parser, f"{START}half", "\r") == []
    clock.now += 3
    pressed = {"escape": "\x1b", "ctrl+c": "\x03"}[key]
    assert read(clock, parser, pressed) == ["paste 'half\\n'", f"key {key}"]
    assert read(clock, parser, "x") == ["key x"]


def test_a_large_paste_takes_no_time_to_speak_of(clock: Clock) -> None:
    parser, line = PasteParser(), "\x1b[31mred\x1b[0m line of a log\r"
    whole = START + line * 20_000 + END
    (pasted,) = read(clock, parser, *(whole[at : at + 4096] for at in range(0, len(whole), 4096)))
    lines = "red line of a log\n" * 20_000
    assert pasted == f"paste {lines!r}"
