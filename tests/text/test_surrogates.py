"""Halves of pairs: joined where both came, marked where one is missing."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaguan_tui.text.surrogates import PairJoiner, repair

HALVES = st.text(
    alphabet=st.one_of(st.sampled_from("ab\ud83c\udf89\ud83d\ude00🎉é"), st.characters()), max_size=30
)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("plain", "plain"),
        ("naïve 🎉", "naïve 🎉"),
        ("\ud83c\udf89", "🎉"),
        ("a\ud83cb", "a\ufffdb"),
        ("\udf89", "\ufffd"),
    ],
)
def test_repair(text: str, whole: str) -> None:
    assert repair(text) == whole


@given(HALVES)
def test_what_is_repaired_can_be_written(text: str) -> None:
    assert repair(text).encode().decode() == repair(text)
    assert repair(repair(text)) == repair(text)


@given(HALVES, st.lists(st.integers(0, 30), max_size=8))
def test_pieces_are_repaired_like_the_whole(text: str, cuts: list[int]) -> None:
    joiner = PairJoiner()
    places = [0, *sorted(cuts), len(text)]
    shown = [joiner.feed(text[start:end]) for start, end in itertools.pairwise(places)]
    assert "".join([*shown, joiner.finish()]) == repair(text)
