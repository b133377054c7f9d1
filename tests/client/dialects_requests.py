"""D23 to D39, D48, D49, D57 to D67, D73, D74, D77 to D80 and D83: what the writer sends."""

from __future__ import annotations

import base64
import struct
from typing import Any

from client_doubles import KEY
from dialects import ASK, FIXTURES, load, sent, shows, talking
from form_parser import read_form
from scripted import Step

from zaguan_tui.client import (
    ArgumentError,
    ClientOptions,
    InsufficientCreditsError,
    RequestOptions,
    ServerError,
    Timeouts,
    normalise_base_url,
)
from zaguan_tui.client.catalogue.endpoint import CallClass
from zaguan_tui.client.requests import model_for
from zaguan_tui.client.requests.chat import chat_body
from zaguan_tui.client.requests.messages import messages_body
from zaguan_tui.client.types.answers.embeddings import read_embeddings
from zaguan_tui.client.types.answers.moderations import read_moderation

WAV = FIXTURES / "audio" / "speech.wav"
BAD_GATEWAY = Step(502, {"error": {"message": "down"}})


def chat(**params: Any) -> dict[str, Any]:
    return chat_body(
        "m", ASK["messages"], params, max_tokens_field="max_tokens", stream=False, include_usage=True
    )


def message(max_tokens: int = 5, **params: Any) -> dict[str, Any]:
    return messages_body("m", ASK["messages"], max_tokens, params, stream=False)


def refused(make: Any) -> bool:
    try:
        make()
    except ArgumentError:
        return True
    return False


@shows("D23")
async def one_request_id_for_all_attempts_of_a_call() -> None:
    async with talking(BAD_GATEWAY, Step(body={"data": []}, headers={"request-id": "req_x"})) as (
        client,
        server,
    ):
        answer = await client.list_models()
        await client.list_models(options=RequestOptions(request_id="mine"))
    first, second, third = (seen.headers["x-request-id"] for seen in server.seen)
    assert first == second != third == "mine"
    assert answer.response is not None
    assert (answer.response.request_id, answer.response.request_id_is_ours) == ("req_x", False)


@shows("D24", "D25")
async def messages_carry_a_version_and_a_bearer_key() -> None:
    seen = await sent(lambda client: client.messages(**ASK, max_tokens=1))
    assert seen.headers["anthropic-version"] == "2023-06-01"
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert "x-api-key" not in seen.headers
    assert "anthropic-version" not in (await sent(lambda client: client.chat(**ASK))).headers


@shows("D26", "D28")
async def reads_name_us_and_no_content_type() -> None:
    seen = await sent(lambda client: client.list_models())
    assert seen.headers["user-agent"].startswith("zaguan-tui/")
    assert "content-type" not in seen.headers


@shows("D27")
def an_address_is_taken_with_and_without_v1() -> None:
    for text in ("http://h/zaguan", "http://h/zaguan/", "http://h/zaguan/v1", " http://h/zaguan/v1/ "):
        assert normalise_base_url(text) == "http://h/zaguan"


@shows("D29")
def extra_body_is_folded_in_and_wins() -> None:
    body = chat(provider_specific_params={"a": 1, "b": 1}, extra_body={"b": 2})
    assert body["provider_specific_params"] == {"a": 1, "b": 2}
    assert "extra_body" not in body


@shows("D30", "D31")
def effort_and_verbosity_are_any_word() -> None:
    assert chat(reasoning_effort="xhigh")["reasoning_effort"] == "xhigh"
    assert chat(verbosity="chatty")["verbosity"] == "chatty"


@shows("D32")
def thinking_is_a_flag_in_chat_and_an_object_in_messages() -> None:
    assert chat(thinking=True)["thinking"] is True
    assert refused(lambda: chat(thinking={"type": "enabled"}))
    assert message(thinking={"type": "disabled"})["thinking"] == {"type": "disabled"}
    assert refused(lambda: message(thinking=True))


@shows("D33")
def a_budget_follows_anthropics_own_rule() -> None:
    def budget(tokens: int) -> dict[str, Any]:
        return message(20_000, thinking={"type": "enabled", "budget_tokens": tokens})

    assert budget(1024) and budget(10_001)
    assert refused(lambda: budget(1023)) and refused(lambda: budget(20_000))


@shows("D34")
def top_k_may_be_nought() -> None:
    assert message(top_k=0)["top_k"] == 0
    assert refused(lambda: message(top_k=-1))


@shows("D35", "D36")
def stops_are_a_list_and_metadata_are_texts() -> None:
    assert chat(stop="END")["stop"] == ["END"]
    assert refused(lambda: chat(metadata={"a": 1}))


@shows("D37")
def six_roles_are_sent() -> None:
    message = model_for("chat").json_schema()["$defs"]["ChatMessage"]
    assert set(message["properties"]["role"]["enum"]) == {
        "system",
        "user",
        "assistant",
        "tool",
        "function",
        "developer",
    }


@shows("D38")
def a_turn_that_only_calls_tools_says_null() -> None:
    turn = {"role": "assistant", "tool_calls": [{"id": "c"}]}
    body = chat_body("m", [turn], {}, max_tokens_field="x", stream=False, include_usage=True)
    assert body["messages"][0]["content"] is None


@shows("D39")
def everything_openai_takes_can_be_said() -> None:
    given = {
        "n": 2,
        "seed": 7,
        "logit_bias": {"5": 1},
        "presence_penalty": 1,
        "frequency_penalty": -1,
        "user": "u",
    }
    assert given.items() <= chat(**given).items()


@shows("D48")
def a_system_prompt_is_a_text_or_blocks() -> None:
    blocks = [{"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}]
    assert message(system="x")["system"] == "x"
    assert message(system=blocks)["system"] == blocks


@shows("D49")
def tools_of_messages_are_sent_and_their_choice_is_an_object() -> None:
    tool = {"name": "f", "input_schema": {"type": "object"}}
    body = message(tools=[tool], tool_choice={"type": "tool", "name": "f"})
    assert (body["tools"], body["tool_choice"]) == ([tool], {"type": "tool", "name": "f"})
    assert refused(lambda: message(tool_choice="auto"))


@shows("D57", "D60")
async def embeddings_take_texts_and_the_providers_own_parameters() -> None:
    for given in ("a", ["a", "b"]):
        seen = await sent(
            lambda c, given=given: c.create_embeddings(  # type: ignore[misc]
                model="m", input=given, provider_specific_params={"input_type": "query"}
            )
        )
        assert seen.json["input"] == given
        assert seen.json["provider_specific_params"] == {"input_type": "query"}


@shows("D58", "D59")
def vectors_come_as_floats_and_base64_usage_or_not() -> None:
    packed = base64.b64encode(struct.pack("<2f", 0.5, -1.0)).decode()
    floats = read_embeddings({"data": [{"index": 0, "embedding": [0.5, -1.0]}]})
    coded = read_embeddings({"data": [{"index": 0, "embedding": packed}], "usage": {"prompt_tokens": 2}})
    assert floats.vectors == coded.vectors
    assert floats.usage is None
    assert coded.usage is not None
    assert coded.usage.completion_tokens is None


@shows("D61", "D63")
async def granularities_are_repeated_in_a_form_that_others_can_read() -> None:
    seen = await sent(
        lambda c: c.create_transcription(
            file=WAV,
            model="whisper-1",
            response_format="verbose_json",
            timestamp_granularities=["word", "segment"],
        )
    )
    form = read_form(seen)
    values = [value for name, value in form.fields if name == "timestamp_granularities[]"]
    assert values == ["word", "segment"]
    assert form.files[0].content == WAV.read_bytes()


@shows("D62")
async def transcripts_are_read_by_content_type() -> None:
    for step in (Step(body={"text": "hi"}), Step(body="hi", content_type="text/plain")):
        async with talking(step) as (client, _):
            assert (await client.create_transcription(file=WAV, model="m")).text == "hi"


@shows("D64", "D78")
async def voices_formats_and_ids_go_out_as_written() -> None:
    async def speak(client: Any) -> None:
        async with client.create_speech(model="tts-1", input="x", voice="grandma") as sound:
            _ = [piece async for piece in sound]

    seen = await sent(speak, Step(body=b"RIFF", content_type="audio/wav"))
    assert (seen.json["model"], seen.json["voice"]) == ("tts-1", "grandma")


@shows("D65", "D67")
async def no_model_is_chosen_for_the_user() -> None:
    assert (await sent(lambda c: c.create_image(prompt="x"))).json == {"prompt": "x"}
    assert (await sent(lambda c: c.create_moderation(input="x"))).json == {"input": "x"}


@shows("D66")
def categories_of_moderation_are_an_open_set() -> None:
    body = {"results": [{"flagged": True, "categories": {"illicit": True, "novel": False}}]}
    assert dict(read_moderation(body).results[0].categories) == {"illicit": True, "novel": False}


@shows("D73")
def limits_of_time() -> None:
    limits = Timeouts()
    assert (limits.connect, limits.pool, limits.write) == (5, 5, 30)
    assert limits.silence(CallClass.READ, streaming=False) == 60
    assert limits.silence(CallClass.GENERATION, streaming=False) == 600
    assert limits.silence(CallClass.GENERATION, streaming=True) == 60


@shows("D74")
async def retries_depend_on_what_a_call_does() -> None:
    for step, name, attempts in (
        (BAD_GATEWAY, "list_models", 3),
        (BAD_GATEWAY, "chat", 1),
        (Step(503), "chat", 3),
    ):
        async with talking(step) as (client, server):
            try:
                await getattr(client, name)(**(ASK if name == "chat" else {}))
            except ServerError:
                assert step is BAD_GATEWAY
            except Exception:  # noqa: BLE001 - counted below
                assert step is not BAD_GATEWAY
        assert len(server.seen) == attempts


@shows("D77")
async def health_can_be_asked_for() -> None:
    async with talking(Step(body={"status": "healthy"})) as (client, server):
        assert (await client.raw.request("GET", "/health")).json() == {"status": "healthy"}
    assert server.seen[0].target == "/health"


@shows("D79")
async def the_callers_headers_replace_ours() -> None:
    options = ClientOptions(headers={"User-Agent": "mine", "X-Team": "a"})
    async with talking(Step(body={"data": []}), options=options) as (client, server):
        await client.list_models(options=RequestOptions(headers={"x-team": "b"}))
    headers = server.seen[0].headers
    assert (headers["user-agent"], headers["x-team"]) == ("mine", "b")


@shows("D80")
async def special_errors_keep_status_and_request_id() -> None:
    body = load("errors/insufficient_credits_flat.json")
    async with talking(Step(402, body, {"x-request-id": "r-1"})) as (client, _):
        try:
            await client.chat(**ASK)
        except InsufficientCreditsError as error:
            assert (error.status, error.request_id) == (402, "r-1")
        else:
            raise AssertionError("no error")


@shows("D83")
async def stream_false_is_left_out() -> None:
    assert "stream" not in (await sent(lambda c: c.chat(**ASK))).json
    assert "stream" not in (await sent(lambda c: c.messages(**ASK, max_tokens=1))).json
