"""The filter grammar: what holds, what is noted, and that nothing raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaguan_tui.text.query import parse
from zaguan_tui.text.query_terms import read_number

MODEL = {
    "id": "anthropic/claude-3-5-sonnet",
    "name": "Claude 3.5 Sonnet (new)",
    "provider": "Anthropic",
    "ctx": 200_000,
    "out": 15.0,
    "vision": True,
    "tools": None,
    "bands": ("A", "B"),
    "band": "A",
}
FIELDS = tuple(MODEL)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "sonnet",
        "SONNET",
        "clsn",
        "anthropic sonnet",
        '"3.5 sonnet"',
        "provider:anthropic",
        "Provider:ANTH",
        "prov:anth",
        "ctx>=200k",
        "ctx>=200,000",
        "ctx<1M",
        "ctx=200k",
        "ctx!=100k",
        "out<=15",
        "out>$1",
        "vision:yes",
        "vision:true",
        "!vision:no",
        "tools:-",
        "tools:none",
        "bands:b",
        "band=a",
        "band!=c",
        "provider:groq,anthropic",
        "!gpt",
        "!provider:groq",
        '!"gpt 4"',
        "!ctx<100k",
        "sonnet ctx>=200k !opus",
        'name:"sonnet (new"',
        "out:15",
        "!ctx:-",
    ],
)
def test_what_holds(text: str) -> None:
    query = parse(text, FIELDS)
    assert query.matches(MODEL)
    assert query.notes == ()


@pytest.mark.parametrize(
    "text",
    [
        "gpt",
        '"sonnet 3.5"',
        "provider:groq",
        "ctx>200k",
        "ctx<=100k",
        "out<15",
        "vision:no",
        "tools>0",
        "tools:yes",
        "tools=0",
        "band=AB",
        "bands:c",
        "!sonnet",
        "!provider:anth",
        "sonnet opus",
        "ctx=1",
        "name>5",
        '!"sonnet"',
        "!tools>3",
        "!tools:yes",
        "tools!=3",
        "tools!=yes",
        "!tools:-",
        "id:-",
    ],
)
def test_what_does_not_hold(text: str) -> None:
    query = parse(text, FIELDS)
    assert not query.matches(MODEL)
    assert query.notes == ()


@given(
    field=st.sampled_from(["ctx", "out", "vision", "tools", "absent"]),
    sign=st.sampled_from([":", "=", "!=", ">=", "<=", ">", "<"]),
    value=st.sampled_from(["200k", "15", "0", "1M", "yes", "no", "x"]),
    known=st.one_of(st.none(), st.just(float("nan")), st.integers(0, 10**6), st.booleans()),
)
def test_an_unknown_value_fulfils_neither_a_condition_nor_its_opposite(
    field: str, sign: str, value: str, known: object
) -> None:
    row = MODEL | {field: known}
    condition, opposite = parse(f"{field}{sign}{value}"), parse(f"!{field}{sign}{value}")
    if condition.terms:
        matches = [query.matches(row) for query in (condition, opposite)]
        assert sum(matches) <= 1
        assert known is not None or not any(matches)
    assert parse(f"{field}:-").matches(row) is (known is None)
    assert parse(f"!{field}:-").matches(row) is (known is not None)


def test_a_negated_word_is_meant_literally() -> None:
    assert parse("clst").matches(MODEL)
    assert parse("!clst").matches(MODEL)


@pytest.mark.parametrize(
    ("text", "position", "sentence"),
    [
        ("sonnet ctxt>=1", 7, "There is no field ctxt; did you mean ctx?"),
        ("zzz:1", 0, "There is no field zzz; there are id, name,"),
        ("b:1", 0, "b may be bands or band."),
        ("a ctx>=big", 2, "big is not a number; ctx>= needs one."),
        ("ctx>=", 0, "Nothing follows ctx>="),
        ('x "open', 2, 'The quotation mark " is not closed.'),
        ("!provder:x", 0, "There is no field provder; did you mean provider?"),
    ],
)
def test_what_cannot_be_read_is_noted_with_its_place(text: str, position: int, sentence: str) -> None:
    (note,) = parse(text, FIELDS).notes
    assert parse(text, FIELDS).note == note.sentence
    assert note.position == position
    assert note.sentence.startswith(sentence)
    assert text[note.position : note.position + note.length].strip() != ""


def test_what_cannot_be_read_filters_nothing_away() -> None:
    assert parse("ctx>= ctxt>5 b:1x vision: !", ("ctx", "vision", "id")).terms == (parse('"b:1x"').terms)
    assert parse("claude ctx>=big", FIELDS).matches(MODEL)


def test_an_unknown_field_with_a_colon_is_looked_for_as_text() -> None:
    query = parse("llama:70b", FIELDS)
    assert query.matches({"id": "ollama/llama:70b"})
    assert not query.matches({"id": "ollama/llama-70b"})
    assert query.notes


def test_without_known_fields_every_name_is_taken() -> None:
    query = parse("anything>5")
    assert query.notes == ()
    assert query.matches({"anything": 6})
    assert not query.matches({"other": 6})


def test_the_words_looked_for_are_told() -> None:
    query = parse('gpt "4o mini" provider:x !bad', FIELDS)
    assert query.words == ("gpt", "4o mini")
    assert parse(" ").empty
    assert not query.empty


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("200k", 2e5),
        ("1.5M", 1.5e6),
        ("2G", 2e9),
        ("$0.15", 0.15),
        ("5%", 5),
        ("800ms", 800),
        ("-3", -3),
        ("1,000", 1000),
        ("1e3", 1000),
        (".5", 0.5),
        ("k", None),
        ("1.2.3", None),
        ("12x", None),
        ("", None),
        ("nan", None),
    ],
)
def test_numbers(text: str, number: float | None) -> None:
    assert read_number(text) == number


@given(st.text(alphabet='ab!:<>="-., \n\t1k%"ctx', max_size=30) | st.text(max_size=30))
def test_no_text_raises_and_no_text_is_read_twice(text: str) -> None:
    for fields in (None, FIELDS, ()):
        query = parse(text, fields)
        query.matches(MODEL)
        query.matches({})
        places = [(note.position, note.length) for note in query.notes]
        assert all(0 <= position < max(1, len(text)) for position, _ in places)


@given(st.text(max_size=20).filter(lambda text: '"' not in text and text.strip()))
def test_a_quoted_text_finds_exactly_itself(text: str) -> None:
    query = parse(f'"{text}"', FIELDS)
    assert query.matches({"id": f"xx{text}yy"})


def test_of_a_pasted_page_only_the_beginning_is_used_and_the_rest_is_said() -> None:
    query = parse("openai " + "x" * 130_000)
    assert query.words == ("openai", "x" * 193)
    assert query.note == "Only the first 200 characters are used; 129,807 are left out."
    assert parse("a" * 200).note == ""
