"""The guard: nothing a terminal obeys comes through, nothing a person wrote is lost."""

from __future__ import annotations

import itertools
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zaguan_tui.text.sanitize import MARK, PAYLOAD_LIMIT, StreamCleaner, clean, clean_line, reveal

HOSTILE = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            "\x1b\x1b\x1b[]()PX^_\\\x07\x9b\x9d\x9c\x90\x98\r\n\t0;m#ab\u202e\ufeff\u2028\ud800\U000e0041"
        ),
        st.characters(),
    ),
    max_size=60,
)


def dangerous(character: str) -> bool:
    return (
        (unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t")
        or 0x202A <= ord(character) <= 0x202E
        or 0x2066 <= ord(character) <= 0x2069
        or character == "\ufeff"
    )


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("plain [red]text[/] stays", "plain [red]text[/] stays"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("\x1b[31mred\x1b[0m", f"{MARK}red{MARK}"),
        ("\x1b[38;2;1;2;3m\x1b[1mx", f"{MARK}x"),
        ("\x9b2Jcleared", f"{MARK}cleared"),
        ("\x1b]0;evil title\x07after", f"{MARK}after"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", f"{MARK}link{MARK}"),
        ("\x9d52;c;ZXZpbA==\x9cx", f"{MARK}x"),
        ("\x1bPq#0;2;0\x1b\\x", f"{MARK}x"),
        ("\x1b_Gpayload\x1b\\x", f"{MARK}x"),
        ("\x1b^private\x1b\\x", f"{MARK}x"),
        ("\x1bXstring\x1b\\x", f"{MARK}x"),
        ("\x1b(0lqk", f"{MARK}lqk"),
        ("\x1bcreset", f"{MARK}reset"),
        ("shift\x0eout", f"shift{MARK}out"),
        ("bell\x07\x08\x7f", f"bell{MARK}"),
        ("a\r\nb\rc\u2028d\u2029e", "a\nb\nc\nd\ne"),
        ("moc.\u202elive", f"moc.{MARK}live"),
        ("a\u2066b\u2069", f"a{MARK}b{MARK}"),
        ("\ufeffbom", f"{MARK}bom"),
        ("half \ud83d pair", f"half {MARK} pair"),
        ("tags \U000e0041\U000e0042", f"tags {MARK}"),
        ("paste end \x1b[201~ rm", f"paste end {MARK} rm"),
        ("👩‍👩‍👧 नमस्ते مرحبا", "👩‍👩‍👧 नमस्ते مرحبا"),
    ],
)
def test_clean_takes_out_whole_sequences_and_marks_the_place(foreign: str, shown: str) -> None:
    assert clean(foreign) == shown


def test_an_unterminated_sequence_hides_nothing() -> None:
    assert clean("before\x1b]0;the answer goes on\nand on") == f"before{MARK}0;the answer goes on\nand on"
    assert clean("\x1bPthe end") == f"{MARK}the end"
    assert clean("end\x1b") == f"end{MARK}"
    assert clean("end\x1b[12;") == f"end{MARK}"


def test_an_oversized_payload_is_shown_and_a_long_one_is_not() -> None:
    assert clean("\x1b]52;" + "x" * (PAYLOAD_LIMIT - 3) + "\x07.") == f"{MARK}."
    assert clean("\x1b]" + "x" * (PAYLOAD_LIMIT + 1) + "\x07") == MARK + "x" * (PAYLOAD_LIMIT + 1) + MARK


def test_clean_returns_harmless_text_itself() -> None:
    text = "nothing to do\n" * 10
    assert clean(text) is text


@given(HOSTILE)
def test_nothing_dangerous_comes_through_and_cleaning_twice_changes_nothing(foreign: str) -> None:
    shown = clean(foreign)
    assert not any(map(dangerous, shown))
    assert clean(shown) == shown
    shown.encode()


@given(HOSTILE, st.none() | st.integers(0, 20))
def test_a_line_is_one_line(foreign: str, limit: int | None) -> None:
    line = clean_line(foreign, limit)
    assert "\n" not in line
    assert "\t" not in line
    assert not any(map(dangerous, line))
    assert clean_line(line, limit) == line
    if limit is not None:
        assert len(line) <= max(1, limit)


def test_clean_line_shows_breaks_and_cuts_with_a_sign() -> None:
    assert clean_line("  first\r\nsecond\tthird\n") == "first␤second third"
    assert clean_line("abcdefgh", 5) == "abcd…"
    assert clean_line("abcde", 5) == "abcde"
    assert clean_line("y" * 1_000_000, 10) == "y" * 9 + "…"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("openai/gpt-4o-mini", "openai/gpt-4o-mini"),
        ("gpt\u200b-4", "gpt‹U+200B›-4"),
        ("moc.\u202elive", "moc.‹U+202E›live"),
        ("a\x1b[31mb", "a‹U+001B›[31mb"),
        ("no\u00a0break", "no‹U+00A0›break"),
        ("\u3164", "‹U+3164›"),
        ("\U000e0041x", "‹U+E0041›x"),
        ("two words", "two words"),
        ("modèle/通义", "modèle/通义"),
    ],
)
def test_reveal_spells_out_what_deceives(name: str, shown: str) -> None:
    assert reveal(name) == shown


@given(HOSTILE)
def test_reveal_leaves_nothing_hidden_and_is_idempotent(name: str) -> None:
    shown = reveal(name)
    assert not any(map(dangerous, shown))
    assert reveal(shown) == shown


@given(HOSTILE, st.lists(st.integers(0, 60), max_size=12))
@example("\x1b]0;title\x07x", [1, 2, 5, 9])
@example("a\r\nb", [2])
@example("\x1b[0m\x1b[1m", [2, 4, 6])
def test_a_stream_cut_anywhere_is_cleaned_like_the_whole(foreign: str, cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(foreign)]
    cleaner = StreamCleaner()
    shown = [cleaner.feed(foreign[start:end]) for start, end in itertools.pairwise(places)]
    assert "".join([*shown, cleaner.finish()]) == clean(foreign)


def test_a_stream_releases_an_open_sequence_at_the_end_of_its_line() -> None:
    cleaner = StreamCleaner()
    assert cleaner.feed("a\x1b]0;not a") == "a"
    assert cleaner.feed(" title\n") == f"{MARK}0;not a title\n"
    assert cleaner.feed("free") == "free"


@pytest.mark.parametrize(
    "unit",
    [
        "word [x] ",
        "wörd 通义 ",
        "\x1b[31mred\x1b[0m ",
        "\x1b]",
        "\x9d",
        "\x1b[",
        "\x00",
        "\x1b]" + "y" * 9000,
    ],
)
def test_cost_grows_with_the_text_not_with_its_square(unit: str) -> None:
    def spent(size: int) -> float:
        text = (unit * (size // len(unit) + 1))[:size]
        best = float("inf")
        for _ in range(3):
            begin = time.process_time()
            clean(text)
            best = min(best, time.process_time() - begin)
        return best

    assert spent(400_000) < 4 * 6 * max(spent(100_000), 0.0005)
