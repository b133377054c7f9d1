"""What is told of a foreign or refused value never holds the beginning of a key: nothing would mask that."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import Step

from zaguan_tui.client import ArgumentError, ZaguanClient
from zaguan_tui.client.types.core.base import Drift

KEY = "zk-" + "k3yPart" * 9
ASK: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}


async def history_since(client: ZaguanClient, moment: str) -> None:
    client.iter_credits_history(start_date=moment)


REFUSED: dict[str, Any] = {
    "role": lambda c, v: c.chat(model="m", messages=[{"role": v, "content": "x"}]),
    "unknown parameter": lambda c, v: c.chat(**ASK, **{v: 1}),
    "metadata key": lambda c, v: c.chat(**ASK, metadata={v: ""}),
    "metadata value": lambda c, v: c.chat(**ASK, metadata={"a": v * 20}),
    "number": lambda c, v: c.chat(**ASK, temperature=v),
    "moment": lambda c, v: history_since(c, v),
    "size": lambda c, v: c.create_image(prompt="a", size=v),
    "file name": lambda c, v: c.create_transcription(file=v.replace(".", ""), model="m"),
    "id": lambda c, v: c.get_virtual_model(f"../{v}"),
    "path": lambda c, v: c.raw.request("GET", f"/v1/é{v}"),
}


@pytest.mark.parametrize("place", REFUSED)
@pytest.mark.parametrize("before", [0, 15, 30, 45, 56, 190])
async def test_a_refused_argument_tells_no_part_of_a_key(place: str, before: int) -> None:
    async with ZaguanClient("http://127.0.0.1:9", KEY) as client:
        with pytest.raises(ArgumentError) as caught:
            await REFUSED[place](client, "u" * before + KEY)
    told = f"{caught.value} {caught.value!r} {vars(caught.value)}"
    assert "k3y" not in told


@pytest.mark.parametrize(
    "wrong",
    [10**5000, -(10**5000), b"x" * 500, object(), [1] * 500, 1e308 * 10],
    ids=lambda wrong: type(wrong).__name__,
)
@pytest.mark.parametrize("field", ["temperature", "n", "seed", "model", "reasoning_effort"])
async def test_the_oddest_values_are_refused_in_few_words(field: str, wrong: Any) -> None:
    async with ZaguanClient("http://127.0.0.1:9", KEY) as client:
        with pytest.raises(ArgumentError) as caught:
            await client.chat(**{**ASK, field: wrong})
    assert (caught.value.field, len(str(caught.value)) < 120) == (field, True)


@pytest.mark.parametrize("wrong", [None, 3, "", [], {"a": 1}])
async def test_an_id_that_is_no_text_is_refused(wrong: Any) -> None:
    async with ZaguanClient("http://127.0.0.1:9", KEY) as client:
        with pytest.raises(ArgumentError) as caught:
            await client.get_batch(wrong)
    assert caught.value.field == "batch_id"


def frames(*values: Any) -> Step:
    body = "".join(f"data: {json.dumps(value)}\n\n" for value in values)
    return Step(body=body, content_type="text/event-stream")


def chunk(**choice: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": "a"}, **choice}]}


STREAMS: dict[str, tuple[str, Any]] = {
    "finish reason": ("chat_stream", lambda v: chunk(finish_reason=v)),
    "usage": (
        "chat_stream",
        lambda v: {**chunk(finish_reason="stop"), "usage": {"prompt_tokens": v, str(v): v}},
    ),
    "stop reason": ("messages_stream", lambda v: {"type": "message_delta", "delta": {"stop_reason": v}}),
    "event": ("messages_stream", lambda v: {"type": v}),
    "delta": ("messages_stream", lambda v: {"type": "content_block_delta", "index": 0, "delta": {"type": v}}),
}


@pytest.mark.parametrize("place", STREAMS)
@pytest.mark.parametrize("key", [KEY, KEY[:24], "zk-sec/ret+1"])
async def test_the_notes_of_a_stream_hold_no_part_of_a_key(
    serve: Any, connect: Any, place: str, key: str
) -> None:
    name, made = STREAMS[place]
    server = await serve(frames(made(key), made(f"say {key}"), made({key: key})))
    more = {"max_tokens": 1} if name == "messages_stream" else {}
    async with getattr(connect(server, key), name)(**ASK, **more) as stream:
        _ = [event async for event in stream]
    notes = " ".join(stream.result().notes)
    assert notes
    assert key[:8] not in notes


@settings(max_examples=30)
@given(st.text(max_size=80))
def test_notes_are_cleaned_as_whole_sentences(word: str) -> None:
    drift = Drift()
    drift.clean = lambda sentence: sentence.replace("unknown", "strange")
    drift.say(f"unknown word: {word}")
    assert drift.notes == (f"unknown word: {word}".replace("unknown", "strange"),)
