"""Width in cells: what the terminal will take, and text set into a column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from zaguan_tui.text.cells import cells, center, fit, fit_start, left, right

TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab 通義한글é\u0301❤\ufe0f👩\u200d💻🎉…✔"),
        st.characters(max_codepoint=0x2FF, exclude_categories=("Cc", "Cf")),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "通义千问",
        "한국어",
        "日本語",
        "naïve",
        "e\u0301tude",
        "🎉 party",
        "👩‍💻 coder",
        "❤️ heart",
        "▁▂▃█",
        "● ▲ ✖ ◌ ⊘",
        "नमस्ते",
        "👍🏽",
    ],
)
def test_widths_are_those_the_renderer_uses(text: str) -> None:
    assert cells(text) == cell_len(text)


@given(TEXTS)
def test_widths_of_mixtures_are_those_the_renderer_uses(text: str) -> None:
    assert cells(text) == cell_len(text)


@given(TEXTS, st.integers(0, 30))
def test_fitted_text_fits_and_is_cut_only_when_it_must(text: str, width: int) -> None:
    for fitted in (fit(text, width), fit_start(text, width)):
        assert cells(fitted) <= width
        if width and cells(text) <= width:
            assert fitted == text


@given(TEXTS, st.integers(1, 30))
def test_columns_are_exact(text: str, width: int) -> None:
    for column in (left(text, width), right(text, width), center(text, width)):
        assert cells(column) == width


def test_a_joiner_at_the_end_swallows_no_padding() -> None:
    assert left("\u200d", 1) == center("\u200d", 1) == " "


def test_cut_text_says_so() -> None:
    assert fit("gpt-4o-mini", 6) == "gpt-4…"
    assert fit("通义千问", 5) == "通义…"
    assert fit("通义千问", 4) == "通…"
    assert fit("x" * 1_000_000, 3) == "xx…"
    assert fit("abc", 0) == ""
    assert fit_start("openai/gpt-4o", 7) == "…gpt-4o"
    assert right("1.2k", 6) == "  1.2k"
    assert right(fit("通义", 4), 5) == " 通义"
    assert center("ok", 5) == " ok  "
