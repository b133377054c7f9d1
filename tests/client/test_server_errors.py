"""Errors, endings and absent routes as servers in daily use send them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from scripted import Step
from stream_fakes import DONE, FIXTURES, chunk, frame, read_all, says

from zaguan_tui.client import APIError, ErrorKind, ResponseFormatError
from zaguan_tui.client.catalogue.declare import endpoint_of_method
from zaguan_tui.client.errors.answer_errors import is_error_answer
from zaguan_tui.client.errors.exceptions import ErrorOrigin
from zaguan_tui.client.errors.reader import ErrorContext, read_error, read_error_frame
from zaguan_tui.client.streaming.endings import Ending, ending_for, knows_reason
from zaguan_tui.client.types.answers.chat import read_chat_completion
from zaguan_tui.client.types.answers.messages import read_message

FIELD = FIXTURES / "field"
ASK: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}


def load(name: str) -> Any:
    return json.loads((FIELD / name).read_text())


def refusal(status: int, value: Any, call: str = "chat") -> APIError:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return read_error(status, {}, body, ErrorContext(endpoint=endpoint_of_method(call)))


@pytest.mark.parametrize("case", load("finish_words.json"), ids=lambda case: str(case["word"]))
def test_finish_words(case: dict[str, str]) -> None:
    assert str(ending_for(case["word"])) in case["ending"].split(" or ")
    assert knows_reason(case["word"])
    choice = {"index": 0, "message": {"content": "Half a"}, "finish_reason": case["word"]}
    answer = read_chat_completion({"choices": [choice]})
    assert (answer.finish_reason, answer.notes) == (case["word"], ())


@pytest.mark.parametrize(
    ("word", "ending"),
    [
        *((word, Ending.FINISHED) for word in ("STOP", "eos", "eos_token", "COMPLETE", "FINISH_REASON_STOP")),
        *((word, Ending.LENGTH) for word in ("MAX_TOKENS", "maxTokens", "max_output_tokens", "ERROR_LIMIT")),
        *((word, Ending.CONTENT_FILTER) for word in ("RECITATION", "SAFETY", "SPII", "guardrail_intervened")),
        *((word, Ending.CONTENT_FILTER) for word in ("content-filter", "sensitive", "ERROR_TOXIC")),
        *((word, Ending.TOOL_CALLS) for word in ("TOOL_CALL", "tool-calls", "function_call")),
        *((word, Ending.ERROR_FRAME) for word in ("abort", "error", "network_error", "timeout", "OTHER")),
        *((word, Ending.ERROR_FRAME) for word in ("MALFORMED_FUNCTION_CALL", "cancelled", "not_finished")),
        ("pause_turn", Ending.PAUSED),
    ],
)
def test_words_of_other_servers(word: str, ending: Ending) -> None:
    assert (ending_for(word), knows_reason(word)) == (ending, True)
    assert ending_for(word, has_calls=True) is (Ending.TOOL_CALLS if ending is Ending.FINISHED else ending)


@pytest.mark.parametrize("word", ["abort", "insufficient_system_resource", "error"])
async def test_an_answer_that_the_server_broke_off_is_never_finished(word: str) -> None:
    _, result = await read_all(says("The first"), frame(chunk(reason=word)), DONE)
    assert (result.text, result.ending, result.finish_reason) == ("The first", Ending.ERROR_FRAME, word)
    assert result.error is not None
    assert word in result.error.message
    assert read_message({"content": "The first", "stop_reason": word}).ending is Ending.ERROR_FRAME


async def test_usage_after_the_word_is_still_counted() -> None:
    usage = frame({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 5}})
    _, result = await read_all(says("The first"), frame(chunk(reason="abort")), usage, DONE)
    assert result.usage is not None
    assert result.usage.completion_tokens == 5


async def test_a_stream_that_was_stopped_early_says_why() -> None:
    _, result = await read_all((FIELD / "groq_stopped_early.sse").read_bytes())
    assert (result.text, result.ending) == ("The first half", Ending.ERROR_FRAME)
    assert result.error is not None
    assert result.error.message == "over capacity, generation stopped"


async def test_a_choice_that_failed_counts_as_failed(serve, connect) -> None:  # type: ignore[no-untyped-def]
    body = load("choice_error_whole.json")
    server = await serve(Step(body=body), Step(body=f"data: {json.dumps(body)}\n\n"))
    client = connect(server)
    with pytest.raises(APIError) as caught:
        await client.chat(**ASK)
    async with client.chat_stream(**ASK) as stream:
        async for _ in stream:
            pass
    assert stream.result().ending is Ending.ERROR_FRAME
    for error in (caught.value, stream.result().error):
        assert error is not None
        assert (error.code, error.message, error.provider) == ("504", "Upstream timed out", "Acme")
        assert (error.kind, error.origin) == (ErrorKind.TIMEOUT, ErrorOrigin.PROVIDER)


def test_one_failed_choice_of_two_leaves_the_other() -> None:
    whole = {"index": 0, "message": {"content": "Yes."}, "finish_reason": "stop"}
    failed = {"index": 1, "message": {"content": ""}, "finish_reason": "error", "error": {"message": "no"}}
    body = {"choices": [whole, failed]}
    assert not is_error_answer(body)
    assert [choice.ending for choice in read_chat_completion(body).choices] == [
        Ending.FINISHED,
        Ending.ERROR_FRAME,
    ]


@pytest.mark.parametrize("content_type", ["application/json", "text/event-stream"])
async def test_a_status_inside_the_body(serve, connect, content_type) -> None:  # type: ignore[no-untyped-def]
    text = json.dumps(load("status_in_body_whole.json"))
    streamed = text if content_type == "application/json" else f"data: {text}\n\n"
    server = await serve(Step(body=text), Step(body=streamed, content_type=content_type))
    client = connect(server)
    with pytest.raises(APIError) as caught:
        await client.chat(**ASK)
    async with client.chat_stream(**ASK) as stream:
        async for _ in stream:
            pass
    assert stream.result().ending is Ending.ERROR_FRAME
    for error in (caught.value, stream.result().error):
        assert error is not None
        assert (error.message, error.code) == ("insufficient balance", "1008")


async def test_a_good_status_inside_the_body_is_no_error() -> None:
    good = {"base_resp": {"status_code": 0, "status_msg": ""}}
    message = {"choices": [{"message": {"content": "a"}, "finish_reason": "stop"}], **good}
    assert not is_error_answer(message)
    _, result = await read_all(says("a"), frame({**chunk(reason="stop"), **good}), frame(good), DONE)
    assert (result.text, result.ending) == ("a", Ending.FINISHED)


def test_an_answer_without_choices_is_not_finished() -> None:
    answer = read_chat_completion({"choices": None, "object": "chat.completion"})
    assert (answer.ending, answer.notes) == (Ending.TRUNCATED, ("an answer without choices",))


@pytest.mark.parametrize(
    "value",
    [
        [{"error": {"code": 404, "message": "no", "status": "NOT_FOUND"}}],
        {"object": "error", "message": "no", "code": 40303},
        {"type": "error", "message": "no"},
        {"code": 1302, "msg": "no", "data": None},
        {"error_code": 336501, "error_msg": "no"},
        {"status": "error", "message": "no"},
        {"id": "c", "model": "m", "choices": None, "error": {"message": "no"}},
        {"success": False, "errors": [{"message": "no"}]},
    ],
)
def test_errors_inside_a_good_status(value: Any) -> None:
    assert is_error_answer(value)
    assert read_error_frame(value, ErrorContext()).message == "no"


@pytest.mark.parametrize(
    "value",
    [
        {"status": "ok", "message": "reloaded"},
        {"code": 0, "msg": "ok", "data": []},
        {"code": 200, "message": "success"},
        {"success": True, "message": "The path is clear"},
        {"data": [], "object": "list"},
        [{"id": "m", "object": "model"}],
        [],
        {"status": "failed", "id": "job-1"},
        {"choices": [{"message": {"content": "a"}, "error": None}]},
    ],
)
def test_answers_that_are_no_errors(value: Any) -> None:
    assert not is_error_answer(value)


@pytest.mark.parametrize(
    ("status", "value", "message"),
    [
        (403, {"Message": "Forbidden.", "Code": "AccessDenied"}, "Forbidden."),
        (400, {"errorMessage": "bad", "errorType": "ValidationError"}, "bad"),
        (400, {"Error": {"Code": "Throttled", "Message": "slow"}, "RequestId": "r1"}, "slow"),
        (401, {"fault": {"faultstring": "Invalid key", "detail": {"errorcode": "x"}}}, "Invalid key"),
        (400, {"error_msg": "bad"}, "bad"),
        (400, {"err": "bad"}, "bad"),
        (400, {"title": "Bad", "errors": {"Model": ["is required"]}}, "Bad: Model: is required"),
        (
            403,
            b"<?xml version='1.0'?><Error><Code>Denied</Code><Message>no &amp; no</Message></Error>",
            "no & no",
        ),
    ],
)
def test_messages_in_other_spellings(status: int, value: Any, message: str) -> None:
    assert refusal(status, value).message == message


def test_a_message_with_a_capital() -> None:
    error = refusal(403, load("error_capital_message.json"))
    told = "Forbidden. For troubleshooting Function URL authorization issues, see the guide."
    assert (error.message, error.kind) == (told, ErrorKind.PERMISSION)


ABSENT = [
    (404, {"error": {"code": 404, "message": "File Not Found", "type": "not_found_error"}}),
    (404, {"type": "error", "error": {"type": "not_found_error", "message": "Not Found"}}),
    (404, {"error": {"message": "no path matched", "type": "not_found_error"}}),
    (404, {"message": "no Route matched with those values"}),
    (404, {"error": {"message": "Unknown request URL: POST /x.", "code": "unknown_url"}}),
    (404, {"error": {"message": "Unrecognized request URL (POST: /v1/x)."}}),
    (404, {"error": "Not Found", "message": "No static resource v1/x.", "status": 404, "path": "/v1/x"}),
    (404, {"message": "Route POST:/v1/x not found", "error": "Not Found", "statusCode": 404}),
    (404, {"error_msg": "Not Found. Please check the configuration."}),
    (404, {"success": False, "errors": [{"code": 7003, "message": "Could not route to /v1/x"}]}),
    (404, b"404 page not found\n"),
    (404, b""),
    (405, {"detail": "Method Not Allowed"}),
    (501, {"error": {"message": "later", "type": "not_implemented"}}),
    (200, {"error": "Unexpected endpoint or method. (POST /v1/x)"}),
    (200, {"detail": "Not Found"}),
    (200, {"error": {"message": "Unknown endpoint"}}),
]


@pytest.mark.parametrize(("status", "value"), ABSENT)
def test_absent_routes_in_every_style(status: int, value: Any) -> None:
    error = refusal(status, value)
    assert (error.endpoint_absent, error.kind) == (True, ErrorKind.UNSUPPORTED)


@pytest.mark.parametrize(
    ("status", "value", "call"),
    [
        (404, {"error": {"message": "No endpoints found for acme/x.", "code": 404}}, "chat"),
        (404, {"error": {"message": "The model `x` does not exist", "code": "model_not_found"}}, "chat"),
        (404, {"type": "error", "error": {"type": "not_found_error", "message": "model: claude-9"}}, "chat"),
        (404, {"error": {"message": "File Not Found", "type": "not_found_error"}}, "get_file"),
        (
            404,
            {"error": {"message": "No such File object: file-1", "type": "invalid_request_error"}},
            "get_file",
        ),
        (400, {"error": {"message": "Unknown endpoint"}}, "chat"),
        (200, {"error": {"message": "the provider has no capacity"}}, "chat"),
    ],
)
def test_what_is_missing_but_no_route(status: int, value: Any, call: str) -> None:
    assert not refusal(status, value, call).endpoint_absent


@pytest.mark.parametrize(
    "call",
    [
        "get_capabilities",
        "get_credits_balance",
        "get_credits_stats",
        "get_provider_status",
        "get_circuit_breaker_status",
    ],
)
async def test_a_good_status_that_does_not_know_the_path_counts_as_absent(serve, connect, call) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body=load("unknown_path_but_200.json")))
    with pytest.raises(APIError) as caught:
        await getattr(connect(server), call)()
    assert (caught.value.endpoint_absent, caught.value.status, len(server.seen)) == (True, 200, 1)


async def test_a_line_of_text_that_does_not_know_the_path_counts_as_absent(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body="404 page not found\n", content_type="text/plain"), Step(body="hello"))
    client = connect(server)
    with pytest.raises(APIError) as caught:
        await client.get_capabilities()
    assert (caught.value.endpoint_absent, caught.value.status) == (True, 200)
    with pytest.raises(ResponseFormatError):
        await client.get_capabilities()


@pytest.mark.parametrize(
    ("status", "kind"),
    [(409, ErrorKind.CONFLICT), (413, ErrorKind.INVALID_REQUEST), (422, ErrorKind.INVALID_REQUEST)],
)
@pytest.mark.parametrize(
    "word", ["rate_limit_exceeded", "overloaded_error", "server_error", "not_found_error"]
)
async def test_some_statuses_keep_their_kind(serve, connect, status, kind, word) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(status, {"error": {"message": "too large", "type": word, "code": word}}))
    with pytest.raises(APIError) as caught:
        await connect(server).list_models()
    assert (caught.value.kind, caught.value.code, len(server.seen)) == (kind, word, 1)


def test_a_server_without_a_database_does_not_know_the_key() -> None:
    error = {"message": "No connected db.", "type": "no_db_connection", "param": None, "code": "400"}
    assert refusal(400, {"error": error}).kind is ErrorKind.AUTHENTICATION
    assert refusal(500, {"error": error}).kind is ErrorKind.SERVER
