"""Tool calls merged from every dialect of deltas."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stream_fakes import chunk, merge

from zaguan_tui.client.endings import Ending
from zaguan_tui.client.stream_events import ToolCallDelta
from zaguan_tui.client.types.tool_call import ToolCall


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
