"""Tool calls merged from every dialect of deltas."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stream_fakes import chunk, merge

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import ToolCallDelta
from zaguan_tui.client.types.answers.tool_call import ToolCall


def delta(arguments: Any = None, *, name: str | None = None, **more: Any) -> dict[str, Any]:
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    return {"function": function, **more}


def calls_of(*deltas: Any) -> list[tuple[str | None, str, str]]:
    result, _ = merge(*(chunk({"tool_calls": [one]}) for one in deltas))
    return [(call.id, call.name, call.arguments) for call in result.tool_calls]


def test_merge_by_index() -> None:
    assert calls_of(
        delta("", name="f", index=0, id="a", type="function"),
        delta('{"x":', index=0),
        delta("{}", name="g", index=1, id="b"),
        delta("1}", index=0),
    ) == [("a", "f", '{"x":1}'), ("b", "g", "{}")]


def test_merge_by_id_then_current() -> None:
    assert calls_of(
        delta('{"x":', name="f", id="a"),
        delta("{}", name="g", id="b"),
        delta("1", id="a"),
        delta("}", id="a"),
        delta(" "),
    ) == [("a", "f", '{"x":1}'), ("b", "g", "{} ")]


def test_one_index_for_all_calls() -> None:
    assert calls_of(delta("{}", name="f", index=0, id="a"), delta("{}", name="g", index=0, id="b")) == [
        ("a", "f", "{}"),
        ("b", "g", "{}"),
    ]


def test_a_fresh_id_on_every_delta_is_still_one_call() -> None:
    assert calls_of(
        delta("", name="f", index=0, id="a"), delta("{", index=0, id="b"), delta("}", index=0, id="c")
    ) == [("a", "f", "{}")]


def test_whole_calls_without_index_and_id() -> None:
    assert calls_of(delta({"x": 1}, name="f"), delta({"x": 2}, name="f"), delta({}, name="g")) == [
        (None, "f", '{"x":1}'),
        (None, "f", '{"x":2}'),
        (None, "g", "{}"),
    ]


def test_a_repeated_name_is_one_name_and_a_split_name_is_joined() -> None:
    assert calls_of(delta("{", name="get", index=0, id="a"), delta("}", name="get", index=0)) == [
        ("a", "get", "{}")
    ]
    assert calls_of(delta("", name="get_", index=0, id="a"), delta("{}", name="time", index=0)) == [
        ("a", "get_time", "{}")
    ]


def test_an_id_may_come_late() -> None:
    assert calls_of(delta("{", name="f", index=0), delta("}", index=0, id="a")) == [("a", "f", "{}")]


def test_a_legacy_function_call() -> None:
    result, _ = merge(
        chunk({"function_call": {"name": "f", "arguments": "{"}}),
        chunk({"function_call": {"arguments": "}"}}),
        chunk(reason="function_call"),
    )
    assert result.tool_calls == (ToolCall(None, "f", "{}"),)
    assert result.ending is Ending.TOOL_CALLS


def test_a_flat_call_and_a_custom_tool() -> None:
    assert calls_of({"index": 0, "id": "a", "name": "f", "arguments": "{}"}) == [("a", "f", "{}")]
    assert calls_of({"index": 0, "id": "a", "type": "custom", "custom": {"name": "f", "input": "text"}}) == [
        ("a", "f", "text")
    ]


def test_a_lone_object_in_place_of_the_list() -> None:
    result, _ = merge(chunk({"tool_calls": delta("{}", name="f", id="a")}))
    assert [call.name for call in result.tool_calls] == ["f"]


def test_events_tell_position_and_what_is_known() -> None:
    _, events = merge(
        chunk({"tool_calls": [delta("", name="f", index=3, id="a"), delta("{", name="g", index=4, id="b")]}),
        chunk({"tool_calls": [delta("}", index=4)]}),
    )
    assert events == [
        ToolCallDelta(0, "a", "f", ""),
        ToolCallDelta(1, "b", "g", "{"),
        ToolCallDelta(1, "b", "g", "}"),
    ]


def test_calls_win_over_stop_but_not_over_a_limit() -> None:
    call = chunk({"tool_calls": [delta("{}", name="f", id="a")]})
    assert merge(call, chunk(reason="stop"))[0].ending is Ending.TOOL_CALLS
    assert merge(call, chunk(reason="odd"))[0].ending is Ending.TOOL_CALLS
    assert merge(call, chunk(reason="length"))[0].ending is Ending.LENGTH
    assert merge(call)[0].ending is Ending.TOOL_CALLS


def test_parsed_arguments() -> None:
    assert ToolCall("a", "f", '{"x":1}').parsed() == {"x": 1}
    assert ToolCall("a", "f", " ").parsed() == {}
    for bad in ("{", "[" * 100_000):
        with pytest.raises(ValueError, match=r".+"):
            ToolCall("a", "f", bad).parsed()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["index", "id", "function", "name", "arguments", "type"]), inner, max_size=4
        )
    ),
    max_leaves=10,
)


@given(st.lists(JSON, max_size=5))
def test_no_delta_breaks_the_merge(deltas: list[Any]) -> None:
    result, _ = merge(*(chunk({"tool_calls": one}) for one in deltas))
    assert all(isinstance(call.arguments, str) for call in result.tool_calls)


A = '{"city":"Graz"}'
B = '{"zone":"UTC"}'
TWO = [("f", A), ("g", B)]


@pytest.mark.parametrize(
    ("deltas", "calls"),
    [
        # Gemini's compatible endpoint: one index, ids that are empty, made up, or the function's name.
        ([delta(A, name="f", index=0, id=""), delta(B, name="g", index=0, id="")], TWO),
        ([delta(A, name="f", index=0), delta(B, name="f", index=0)], [("f", A), ("f", B)]),
        ([delta(A, name="f", index=0), delta(A, name="f", index=0)], [("f", A), ("f", A)]),
        ([delta(A, name="f", index=0, id="f"), delta(B, name="f", index=0, id="f")], [("f", A), ("f", B)]),
        ([delta({"a": 1}, name="f", index=0), delta({}, name="g", index=0)], [("f", '{"a":1}'), ("g", "{}")]),
        ([delta("", name="f", index=0, type="function"), delta(B, name="g", index=0, type="function")],
         [("f", ""), ("g", B)]),
        # A name and then its arguments in pieces, for each of two calls at one index.
        ([delta("", name="f", index=0, id="a"), delta(A[:5], index=0), delta(A[5:], index=0),
          delta("", name="g", index=0, id="b"), delta(B[:5], index=0), delta(B[5:], index=0)], TWO),
        ([delta("", name="f", index=0), delta(A, index=0), delta("", name="g", index=0),
          delta(B, index=0)], TWO),
        # The second has no name at all, or its name again without arguments first.
        ([delta(A, name="f", index=0), delta(B, index=0)], [("f", A), ("f", B)]),
        ([delta(A, name="f", index=0), delta("", name="f", index=0), delta(B[:5], index=0),
          delta(B[5:], index=0)], [("f", A), ("f", B)]),
        # Told apart by their ids alone.
        ([delta("", name="f", index=0, id="a"), delta("", name="g", index=0, id="b"),
          delta(A[:5], index=0, id="a"), delta(B, index=0, id="b"), delta(A[5:], index=0, id="a")], TWO),
        # One call: sent again whole, an empty object that held the place, the name with every piece.
        ([delta(A, name="f", index=0, id="a"), delta(A, name="f", index=0, id="a")], [("f", A)]),
        ([delta(A, name="f", index=0), delta(A, index=0)], [("f", A)]),
        ([delta("{}", name="f", index=0), delta(A[:5], index=0), delta(A[5:], index=0)], [("f", A)]),
        ([delta({}, name="f"), delta(A)], [("f", A)]),
        ([delta(A[:5], name="f", index=0), delta(A[5:], name="f", index=0), delta("", name="f", index=0)],
         [("f", A)]),
        ([delta("", name="get", index=0), delta(A, name="get_weather", index=0)], [("get_weather", A)]),
        ([delta('{"a":[', name="f", index=0), delta('{"b":1},', index=0), delta('{"c":2}]}', index=0)],
         [("f", '{"a":[{"b":1},{"c":2}]}')]),
        # An index as text, ids anew with every delta and no index.
        ([delta("", name="f", index="0"), delta("", name="g", index="1"), delta(A, index="0"),
          delta(B, index="1")], TWO),
        ([delta("", name="f", id="a"), delta(A[:5], id="b"), delta(A[5:], id="c")], [("f", A)]),
        # Free text of custom tools.
        ([{"index": 0, "type": "custom", "custom": {"name": "f", "input": "{}"}},
          {"index": 0, "type": "custom", "custom": {"name": "g", "input": '"q"'}}],
         [("f", "{}"), ("g", '"q"')]),
    ],
)  # fmt: skip
def test_no_call_is_lost_or_glued(deltas: list[Any], calls: list[tuple[str, str]]) -> None:
    assert [(name, arguments) for _, name, arguments in calls_of(*deltas)] == calls


ARGUMENTS = st.dictionaries(st.sampled_from("abc"), st.integers() | st.text(max_size=6), max_size=3).map(
    lambda value: json.dumps(value, ensure_ascii=False)
)
NAMES = st.sampled_from(["get_weather", "get_time", "grep"])


def pieces_of(arguments: str, at: list[int]) -> list[str]:
    edges = [0, *sorted({min(offset, len(arguments)) for offset in at}), len(arguments)]
    return [arguments[start:end] for start, end in pairwise(edges)]


@given(
    st.lists(st.tuples(NAMES, ARGUMENTS, st.lists(st.integers(1, 30), max_size=4)), max_size=5),
    st.sampled_from(["counted", "zero", "zero and empty ids", "ids", "nothing"]),
    st.booleans(),
)
def test_every_split_of_calls_merges_to_the_calls(
    calls: list[tuple[str, str, list[int]]], numbering: str, apart: bool
) -> None:
    deltas = []
    for place, (name, arguments, at) in enumerate(calls):
        ids: dict[str, Any] = {
            "counted": {"index": place},
            "zero": {"index": 0, "id": f"call_{place}"},
            "zero and empty ids": {"index": 0, "id": ""},
            "ids": {"id": f"call_{place}"},
            "nothing": {},
        }[numbering]
        unsure = numbering in ("zero and empty ids", "nothing")
        first, *rest = [arguments] if unsure else pieces_of(arguments, at)
        if apart and not unsure:
            rest = [first, *rest]
            first = ""
        deltas.append(delta(first, name=name, type="function", **ids))
        follow = {key: value for key, value in ids.items() if key == "index" or numbering == "ids"}
        deltas += [delta(piece, **follow) for piece in rest]
    merged = calls_of(*deltas)
    assert [(name, arguments) for _, name, arguments in merged] == [
        (name, arguments) for name, arguments, _ in calls
    ]
