"""Fuzzy search: what matches, in which order, and where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaguan_tui.text.fuzzy import QUERY_LIMIT, FuzzyIndex, match

MODELS = [
    "openai/gpt-4o-mini",
    "openai/gpt-4o",
    "anthropic/claude-3-5-sonnet",
    "google/gemini-2.5-pro",
    "mistral/mixtral-8x22b",
    "meta/llama-3.3-70b-instruct",
    "deepseek/deepseek-r1",
    "azure/GPT-4o",
]
WORDS = st.text(alphabet="abgpt4-/. Öı", max_size=8)


def found(query: str, candidates: list[str] = MODELS) -> list[str]:
    return [candidates[hit.row] for hit in FuzzyIndex(candidates).search(query)]


def marked(query: str, text: str) -> str:
    matched = match(query, text)
    assert matched is not None
    return "".join(c.upper() if i in matched.positions else c for i, c in enumerate(text))


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("gpt", "azure/GPT-4o"),
        ("gpt mini", "openai/gpt-4o-mini"),
        ("mini gpt", "openai/gpt-4o-mini"),
        ("SONNET", "anthropic/claude-3-5-sonnet"),
        ("g4om", "openai/gpt-4o-mini"),
        ("gpro", "google/gemini-2.5-pro"),
        ("gpt-4o", "azure/GPT-4o"),
        ("ll70", "meta/llama-3.3-70b-instruct"),
        ("r1", "deepseek/deepseek-r1"),
        ("mix", "mistral/mixtral-8x22b"),
    ],
)
def test_the_best_candidate_comes_first(query: str, first: str) -> None:
    assert found(query)[0] == first


def test_every_word_must_be_found() -> None:
    assert found("gpt sonnet") == []
    assert found("zzz") == []
    assert found("") == MODELS
    assert found("  ") == MODELS


def test_a_word_at_a_beginning_beats_one_inside_beats_scattered_letters() -> None:
    assert found("ini", ["x-mini", "i-n-i", "a-ini"]) == ["a-ini", "x-mini", "i-n-i"]
    assert found("pro", ["a-pro", "a-prod"]) == ["a-pro", "a-prod"]


def test_equal_candidates_keep_their_order_and_a_limit_cuts() -> None:
    index = FuzzyIndex(["ab", "ab", "ab"])
    assert [hit.row for hit in index.search("ab")] == [0, 1, 2]
    assert [hit.row for hit in index.search("ab", limit=2)] == [0, 1]
    assert len(index) == 3


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("gpt", "openai/GPT-4o-mini"),
        ("om", "Openai/gpt-4o-Mini"),
        ("4o ai", "openAI/gpt-4O-mini"),
        ("-m", "openai/gpt-4o-Mini"),
    ],
)
def test_positions_are_those_of_the_matched_letters(query: str, shown: str) -> None:
    assert marked(query, "openai/gpt-4o-mini") == shown


@given(st.lists(WORDS, max_size=8), WORDS)
def test_search_and_match_agree(candidates: list[str], query: str) -> None:
    hits = {hit.row: hit.score for hit in FuzzyIndex(candidates).search(query)}
    for index, candidate in enumerate(candidates):
        matched = match(query, candidate)
        assert (matched is not None) == (index in hits)
        if matched is not None:
            assert matched.score == pytest.approx(hits[index])
            assert all(0 <= place < len(candidate) for place in matched.positions)
            letters = [letter for word in query.split() for letter in word]
            assert len(matched.positions) <= len(letters)


@given(WORDS, WORDS)
def test_a_match_is_a_subsequence(query: str, candidate: str) -> None:
    def has(word: str) -> bool:
        rest = iter(candidate.lower())
        return all(letter in rest for letter in word)

    if "ı" in query + candidate or "İ" in candidate:
        return
    assert (match(query, candidate) is not None) == all(has(word) for word in query.lower().split())


def test_hostile_queries_and_candidates_are_only_text() -> None:
    candidates = ["a\nb", "[red]x[/]", "^$.*+?(", "\\d"]
    assert found("b", candidates) == ["a\nb"]
    assert found("[/]", candidates) == ["[red]x[/]"]
    assert found(".*+", candidates) == ["^$.*+?("]
    assert found("\\", candidates) == ["\\d"]
    assert found("^", candidates) == ["^$.*+?("]


@pytest.mark.parametrize("query", ["x" * 130_000, "word " * 26_000, "((a+)+$" * 20_000])
def test_of_a_pasted_page_only_the_beginning_is_searched(query: str) -> None:
    names = ["x" * 300, "word of honour", "((a+)+$" * 60]
    assert FuzzyIndex(names).search(query) == FuzzyIndex(names).search(query[:QUERY_LIMIT])
    assert [match(query, name) for name in names] == [match(query[:QUERY_LIMIT], name) for name in names]
