"""Which failures are repeated, and after what wait."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from scripted import SILENT_CLOSE, SILENT_RESET, SILENT_STALL, Step

from zaguan_tui.client import RequestOptions, TransportError, TransportReason
from zaguan_tui.client.catalogue.endpoint import CallClass
from zaguan_tui.client.dispatch.rate_limits import RateLimit, parse_duration, parse_rate_limits
from zaguan_tui.client.dispatch.retry import RetryPolicy, is_repeatable, read_retry_after
from zaguan_tui.client.errors.exceptions import APIError, ErrorKind, RateLimitError

NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
MODELS = Step(body={"object": "list", "data": []})


def api_error(status: int, kind: ErrorKind = ErrorKind.SERVER, **more: Any) -> APIError:
    return APIError("no", kind=kind, status=status, **more)


@pytest.mark.parametrize(
    ("error", "read", "generation", "act"),
    [
        (api_error(408, ErrorKind.TIMEOUT), True, False, False),
        (api_error(409, ErrorKind.CONFLICT), False, False, False),
        (api_error(429, ErrorKind.RATE_LIMIT), True, True, True),
        (api_error(500), True, False, False),
        (api_error(502), True, False, False),
        (api_error(503, ErrorKind.OVERLOADED), True, True, False),
        (api_error(504, ErrorKind.TIMEOUT), True, False, False),
        (api_error(529, ErrorKind.OVERLOADED), True, True, False),
        (api_error(500, should_retry=True), True, True, False),
        (api_error(503, ErrorKind.OVERLOADED, should_retry=False), False, False, False),
        (api_error(400, ErrorKind.INVALID_REQUEST), False, False, False),
        (api_error(404, ErrorKind.NOT_FOUND), False, False, False),
        (api_error(501, ErrorKind.UNSUPPORTED), False, False, False),
        (api_error(200), False, False, False),
        (api_error(429, ErrorKind.INSUFFICIENT_CREDITS, should_retry=True), False, False, False),
        (TransportError("no", reason=TransportReason.REFUSED, sent=False), True, True, True),
        (TransportError("no", reason=TransportReason.RESET), True, False, False),
        (TransportError("no", reason=TransportReason.TIMEOUT), True, False, False),
        (TransportError("no", reason=TransportReason.TLS, sent=False), False, False, False),
    ],
)
def test_who_may_be_repeated(error: APIError, read: bool, generation: bool, act: bool) -> None:
    classes = (CallClass.READ, CallClass.GENERATION, CallClass.ACT)
    assert tuple(is_repeatable(error, call_class) for call_class in classes) == (read, generation, act)


def test_own_waits_double_to_a_cap_less_some_chance() -> None:
    policy = RetryPolicy()
    assert [policy.backoff(attempt, 0.0) for attempt in range(1, 8)] == [0.5, 1, 2, 4, 8, 8, 8]
    assert policy.backoff(1, 0.999) == pytest.approx(0.375, abs=0.001)
    assert policy.backoff(10_000, 0.0) == 8


def test_the_servers_wait_is_kept_to_120_seconds() -> None:
    policy = RetryPolicy()
    for wait, expected in [(120.0, 120.0), (120.1, None), (0.85, 0.85)]:
        error = RateLimitError("no", kind=ErrorKind.RATE_LIMIT, status=429, retry_after=wait)
        assert policy.wait_after(error, CallClass.READ, 1, 2, 0.5) == expected
    assert policy.wait_after(api_error(500), CallClass.READ, 3, 2, 0.0) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after-ms": "850", "retry-after": "1"}, 0.85),
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after": "Fri, 20 Nov 2026 14:30:30 GMT"}, 30),
        ({"retry-after": "Fri, 20 Nov 2026 14:29:00 GMT"}, None),
        ({"retry-after": "0"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after-ms": "x", "retry-after": "4"}, 4),
        ({}, None),
    ],
)
def test_every_form_of_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert read_retry_after(headers, NOW) == seconds


def test_rate_limit_headers_of_both_families() -> None:
    headers = {
        "x-ratelimit-limit-requests": "500",
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": "1m2s",
        "anthropic-ratelimit-input-tokens-limit": "1,000",
        "anthropic-ratelimit-input-tokens-reset": "2026-11-20T14:31:00Z",
        "x-ratelimit-limit-tokens": "many",
    }
    assert parse_rate_limits(headers, NOW) == (
        RateLimit("input-tokens", 1000, None, 60.0),
        RateLimit("requests", 500, 0, 62.0),
        RateLimit("tokens", None, None, None),
    )
    assert [parse_duration(text) for text in ("17ms", "6m0s", "30", "soon", "-1", "1h 2m")] == [
        pytest.approx(0.017),
        360,
        30,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("step", "attempts", "waits"),
    [
        (Step(429, {"error": {"message": "slow"}}, {"retry-after": "7"}), 3, [7, 7]),
        (Step(429, {}, {"retry-after": "Fri, 20 Nov 2026 14:30:12 GMT"}), 3, [12, 12]),
        (Step(429, {}, {"retry-after-ms": "250"}), 3, [0.25, 0.25]),
        (Step(429, {"error": {"details": {"retry_after": 3}}}), 3, [3, 3]),
        (Step(429, {}, {"retry-after": "121"}), 1, []),
        (Step(429, {"error": {"code": "insufficient_quota"}}, {"retry-after": "1"}), 1, []),
        (Step(500), 3, [0.5, 1]),
        (Step(502, "<html><title>Bad gateway</title></html>", content_type="text/html"), 3, [0.5, 1]),
        (Step(503), 3, [0.5, 1]),
        (Step(529), 3, [0.5, 1]),
        (Step(500, {}, {"x-should-retry": "false"}), 1, []),
        (Step(401), 1, []),
        (SILENT_RESET, 3, [0.5, 1]),
        (SILENT_CLOSE, 3, [0.5, 1]),
        (Step(body={"data": []}, fault="reset"), 3, [0.5, 1]),
        (Step(body={"data": []}, fault="close"), 3, [0.5, 1]),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_a_read_is_tried_so_often(serve, connect, fast, step, attempts, waits) -> None:  # type: ignore[no-untyped-def]
    server = await serve(step)
    with pytest.raises(APIError) as caught:
        await connect(server).list_models()
    assert len(server.seen) == attempts == caught.value.attempts
    assert fast.waits == waits
    assert caught.value.endpoint == "GET /v1/models"
    assert len({seen.headers["x-request-id"] for seen in server.seen}) == 1


@pytest.mark.parametrize(
    ("step", "attempts"),
    [
        (Step(429), 3),
        (Step(503), 3),
        (Step(529), 3),
        (Step(500, {}, {"x-should-retry": "true"}), 3),
        (Step(500), 1),
        (Step(502), 1),
        (SILENT_RESET, 1),
    ],
    ids=lambda value: str(value)[:60],
)
@pytest.mark.parametrize("streamed", [False, True])
async def test_a_generation_is_tried_so_often(serve, connect, step, attempts, streamed) -> None:  # type: ignore[no-untyped-def]
    server = await serve(step)
    client = connect(server)
    ask = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
    with pytest.raises(APIError):
        if streamed:
            async with client.chat_stream(**ask):
                pass
        else:
            await client.chat(**ask)
    assert len(server.seen) == attempts


async def test_a_generation_whose_answer_broke_off_is_not_repeated(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body={"choices": []}, fault="reset"))
    with pytest.raises(TransportError) as caught:
        await connect(server).chat(model="m", messages=[{"role": "user", "content": "hi"}])
    assert (caught.value.reason, len(server.seen)) == (TransportReason.RESET, 1)


async def test_a_refused_connection_is_tried_again_and_explained(serve, connect, notebook) -> None:  # type: ignore[no-untyped-def]
    server = await serve(MODELS)
    await server.stop()
    with pytest.raises(TransportError) as caught:
        await connect(server.base_url).list_models()
    error = caught.value
    assert (error.reason, error.sent, error.attempts) == (TransportReason.REFUSED, False, 5)
    assert "Nothing listens at 127.0.0.1:" in error.message
    assert notebook.names == ["AttemptStarted", "AttemptFailed"] * 5


@pytest.mark.parametrize("chance", [0.0, 0.999])
def test_reads_are_repeated_for_four_seconds_while_no_connection_stands(chance: float) -> None:
    policy, refused = RetryPolicy(), TransportError("no", reason=TransportReason.REFUSED, sent=False)
    waits: list[float] = []
    while (
        wait := policy.wait_after(refused, CallClass.READ, len(waits) + 1, 2, chance, sum(waits))
    ) is not None:
        waits.append(wait)
    assert 4.0 <= sum(waits) <= 5.5
    assert len(waits) == 4
    assert policy.wait_after(refused, CallClass.READ, 3, 2, chance, 5.0) is None
    for call_class in (CallClass.GENERATION, CallClass.ACT):
        assert policy.wait_after(refused, call_class, 3, 2, chance, 0.0) is None
    busy = TransportError("no", reason=TransportReason.POOL, sent=False)
    assert policy.wait_after(busy, CallClass.READ, 3, 2, chance, 0.0) is None


async def test_a_number_of_retries_that_was_asked_for_is_kept(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(MODELS)
    await server.stop()
    with pytest.raises(TransportError) as caught:
        await connect(server.base_url).list_models(options=RequestOptions(max_retries=1))
    assert caught.value.attempts == 2


async def test_a_stall_is_a_timeout(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(SILENT_STALL)
    with pytest.raises(TransportError) as caught:
        await connect(server).list_models(options=RequestOptions(timeout=0.05, max_retries=1))
    assert caught.value.reason is TransportReason.TIMEOUT
    assert len(server.seen) == 2


async def test_a_later_success_is_a_success(serve, connect, notebook) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(503), SILENT_RESET, MODELS)
    models = await connect(server).list_models()
    assert models.response.attempts == 3
    assert notebook.names == [
        "AttemptStarted",
        "AttemptFinished",
        "AttemptStarted",
        "AttemptFailed",
        "AttemptStarted",
        "AttemptFinished",
    ]
    assert [getattr(event, "retry_in", None) for event in notebook.events[1::2]] == [0.5, 1.0, None]
    assert {event.request_id for event in notebook.events} == {server.seen[0].headers["x-request-id"]}


async def test_retries_can_be_switched_off_for_a_client_and_for_a_call(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(503))
    client = connect(server)
    with pytest.raises(APIError):
        await client.with_options(max_retries=0).list_models()
    assert len(server.seen) == 1
    with pytest.raises(APIError):
        await client.list_models(options=RequestOptions(max_retries=1))
    assert len(server.seen) == 3
