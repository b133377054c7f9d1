"""Chat streams: any split, any mutation, any bytes."""

from __future__ import annotations

import asyncio
import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from stream_fakes import (
    DONE,
    FINISH,
    FIXTURES,
    cut,
    decode,
    frame,
    read_all,
    says,
)

from zaguan_tui.client.errors.exceptions import (
    APIError,
)
from zaguan_tui.client.streaming.chat import (
    Ending,
)

CHAT = sorted((FIXTURES / "chat").glob("stream_*"))


@given(st.data())
def test_any_split_gives_the_same_events(data: st.DataObject) -> None:
    paths = [*CHAT, *sorted((FIXTURES / "sse").glob("*.sse"))]
    body = data.draw(st.sampled_from(paths)).read_bytes()
    at = data.draw(st.lists(st.integers(0, len(body)), max_size=12))
    whole, split = decode([body]), decode(cut(body, at))
    assert split[2] == whole[2]
    assert (split[1].failure, split[1].end_marker) == (whole[1].failure, whole[1].end_marker)
    assert split[0].drift.notes == whole[0].drift.notes


WORDS = st.sampled_from(
    [
        *(
            "id",
            "model",
            "choices",
            "index",
            "delta",
            "message",
            "content",
            "role",
            "reasoning",
            "text",
            "type",
        ),
        *("reasoning_content", "reasoning_details", "thinking", "refusal", "tool_calls", "function", "audio"),
        *(
            "function_call",
            "name",
            "arguments",
            "finish_reason",
            "logprobs",
            "usage",
            "prompt_tokens",
            "error",
        ),
        *(
            "type",
            "prompt_tokens",
            "completion_tokens",
            "cost",
            "citations",
            "annotations",
            "promptshield",
            "x_groq",
        ),
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just("<think>"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=4))
def test_no_json_breaks_the_reader(values: list[Any]) -> None:
    body = b"".join(frame(value) for value in values)
    merger, reader, _ = decode([body])
    assert merger.ending() in Ending
    assert reader.over


@given(st.sampled_from(CHAT), st.data())
def test_any_mutation_of_any_chunk_gives_a_value_or_a_typed_error(path: Path, data: st.DataObject) -> None:
    frames = [part[6:] for part in path.read_bytes().split(b"\n\n") if part.startswith(b"data: {")]
    try:
        chunks = [json.loads(part) for part in frames]
    except ValueError:
        chunks = [json.loads(part) for part in frames[:-1]]
    if not chunks:
        return
    at = data.draw(st.integers(0, len(chunks) - 1))
    chunks[at] = mutate(chunks[at], data)
    _, result = asyncio.run(read_all(b"".join(frame(value) for value in chunks), DONE))
    assert isinstance(result.ending, Ending)
    assert result.error is None or isinstance(result.error, APIError)
    assert (result.ending is Ending.ERROR_FRAME) is (result.error is not None)


def mutate(value: Any, data: st.DataObject) -> Any:
    """``value`` with one node replaced by any JSON."""
    path: list[Any] = []
    node = value
    while isinstance(node, dict | list) and node and data.draw(st.integers(0, 5)):
        key = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else list(range(len(node)))))
        path.append(key)
        node = node[key]
    if not path:
        return data.draw(JSON)
    holder = changed = copy.deepcopy(value)
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = data.draw(JSON)
    return changed


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_no_bytes_break_the_reader(parts: list[bytes]) -> None:
    decode(parts)
    decode([b'{"choices":', *parts])
    decode([b"data: ", *parts])


def test_deeply_nested_json_is_an_unreadable_frame() -> None:
    body = b"data: " + b"[" * 200_000 + b"\n\n" + says("a") + FINISH + DONE
    merger, _, _ = decode([body])
    assert merger.drift.notes == ("a frame could not be read",)
