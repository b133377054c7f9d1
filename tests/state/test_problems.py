from __future__ import annotations

import ssl

import pytest

from zaguan_tui.client.dispatch.trace import ResponseMeta
from zaguan_tui.client.errors.exceptions import (
    ERROR_CLASSES,
    APIError,
    ArgumentError,
    ErrorKind,
    ErrorOrigin,
    ResponseFormatError,
    TransportError,
    TransportReason,
)
from zaguan_tui.client.transport.body_limit import AnswerTooLargeError
from zaguan_tui.state.core.problems import explain_error, is_unsupported_call

ADDRESS = "127.0.0.1:8787"


def make(kind: ErrorKind, message: str = "", **fields: object) -> APIError:
    return ERROR_CLASSES[kind](message, kind=kind, **fields)  # type: ignore[arg-type]  # fields vary by test


@pytest.mark.parametrize("kind", [kind for kind in ErrorKind if kind is not ErrorKind.TRANSPORT])
def test_every_kind_has_a_sentence_and_a_next_step(kind: ErrorKind) -> None:
    problem = explain_error(make(kind, "words of the server", status=418, request_id="req_1"))
    assert problem.kind == kind.value
    assert problem.request_id == "req_1"
    for text in (problem.sentence, problem.next_step):
        assert text.endswith((".", "?"))
        assert ".." not in text
        assert "\n" not in text


@pytest.mark.parametrize("reason", list(TransportReason))
def test_every_way_a_line_fails_names_the_address(reason: TransportReason) -> None:
    problem = explain_error(TransportError("x", reason=reason), address=ADDRESS)
    assert problem.kind == "transport"
    assert ADDRESS in problem.sentence
    assert problem.next_step.endswith((".", "?"))
    assert explain_error(TransportError("x", reason=reason)).sentence[0].isupper()


def test_the_numbers_of_the_credits_are_told() -> None:
    error = make(
        ErrorKind.INSUFFICIENT_CREDITS,
        status=402,
        details={"credits_required": 1250, "credits_remaining": 3.5, "reset_date": "2025-02-01"},
    )
    problem = explain_error(error)
    assert problem.sentence == "Not enough credits: this call needs 1,250, 3.50 are left."
    assert problem.next_step == "Wait for the reset on 2025-02-01, top up, or choose a cheaper model."


def test_band_and_tiers_are_told() -> None:
    details = {"band": "C", "required_tier": "enterprise", "current_tier": "pro"}
    problem = explain_error(make(ErrorKind.BAND_ACCESS, status=403, details=details))
    assert problem.sentence == "Band C needs the enterprise tier; yours is pro."


def test_the_wait_is_told_and_kept() -> None:
    problem = explain_error(make(ErrorKind.RATE_LIMIT, "Slow down", status=429, retry_after=12.0))
    assert problem.sentence == ("Too many requests (429); the gateway asks to wait 12 s. It says: Slow down.")
    assert problem.retry_after == 12.0


def test_a_provider_or_a_proxy_is_named_as_the_one_who_failed() -> None:
    assert explain_error(make(ErrorKind.SERVER, status=502, provider="groq")).sentence.startswith(
        "groq, behind"
    )
    proxy = make(ErrorKind.SERVER, "Bad Gateway", status=502, origin=ErrorOrigin.PROXY)
    assert explain_error(proxy).sentence == "A proxy before the gateway failed (502). It says: Bad Gateway."


def test_what_a_server_says_is_one_short_line() -> None:
    problem = explain_error(make(ErrorKind.SERVER, "first\nsecond\r\n\tthird " + "x" * 5000, status=500))
    assert "first second third xxx" in problem.sentence
    assert len(problem.sentence) < 280


def test_an_absent_and_a_switched_off_call_are_no_reason_to_worry() -> None:
    error = make(ErrorKind.UNSUPPORTED, status=404, endpoint="GET /v1/credits/balance", endpoint_absent=True)
    problem = explain_error(error)
    assert problem.sentence == "This server does not offer GET /v1/credits/balance (404)."
    assert problem.endpoint == "GET /v1/credits/balance"
    assert is_unsupported_call(error)
    off = make(ErrorKind.PERMISSION, "credits disabled", status=403, switched_off=True)
    assert is_unsupported_call(off)
    assert "switched off" in explain_error(off).sentence


def test_a_web_page_is_not_a_gateway() -> None:
    page = ResponseFormatError("$", "an HTML page", meta=ResponseMeta(200, {"content-type": "text/html"}))
    assert explain_error(page, address=ADDRESS).kind == "not_a_gateway"
    told = make(ErrorKind.SERVER, "Welcome", status=200, raw=b"<!DOCTYPE html><title>Welcome</title>")
    problem = explain_error(told, address=ADDRESS)
    assert problem.kind == "not_a_gateway"
    assert problem.sentence.startswith(f"{ADDRESS} answered with a web page")
    assert "base URL" in problem.next_step


def test_an_unreadable_answer_names_endpoint_place_and_find() -> None:
    error = ResponseFormatError("$.data[3].id", "a number", expected="a text", endpoint="GET /v1/models")
    problem = explain_error(error)
    assert problem.kind == "unreadable"
    for word in ("GET /v1/models", "$.data[3].id", "a number", "a text"):
        assert word in problem.sentence


def test_an_answer_too_large_is_said_so_with_the_way_to_allow_it() -> None:
    error = AnswerTooLargeError("$", "answer larger than 8 MB", endpoint="GET /v1/models")
    problem = explain_error(error)
    assert problem.sentence == "GET /v1/models: answer larger than 8 MB."
    assert "body_limit" in problem.next_step
    assert (problem.kind, problem.endpoint) == ("unreadable", "GET /v1/models")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)", "does not speak TLS"),
        ("certificate verify failed: Hostname mismatch", "belongs to another name"),
        ("certificate verify failed: certificate has expired", "out of date"),
        ("certificate verify failed: self-signed certificate", "is not trusted"),
        ("handshake failure", "TLS handshake failed"),
    ],
)
def test_tls_troubles_are_told_apart_by_what_the_library_said(words: str, told: str) -> None:
    error = TransportError("The line failed", reason=TransportReason.TLS)
    error.__cause__ = ssl.SSLError(1, words)
    assert told in explain_error(error, address=ADDRESS).sentence


def test_our_own_faults_are_told_as_ours() -> None:
    assert explain_error(ArgumentError("model", "is empty", "an id")).kind == "argument"
    problem = explain_error(ZeroDivisionError("division by zero"))
    assert problem.kind == "internal"
    assert "zaguan-tui itself" in problem.sentence
    assert explain_error(TimeoutError("no answer within 10 s"), address=ADDRESS).kind == "timeout"


@pytest.mark.parametrize("reason", [TransportReason.RESET, TransportReason.CLOSED])
def test_only_an_answer_that_had_begun_broke_in_the_middle(reason: TransportReason) -> None:
    before = explain_error(TransportError("x", reason=reason), address=ADDRESS).sentence
    during = explain_error(TransportError("x", reason=reason, begun=True), address=ADDRESS).sentence
    assert "answer" in before
    assert before != during
    assert not any(word in before for word in ("mid-answer", "whole"))
    assert any(word in during for word in ("mid-answer", "whole"))


@pytest.mark.parametrize("reason", [TransportReason.PROXY, TransportReason.REDIRECT])
def test_other_hosts_are_named_beside_the_address(reason: TransportReason) -> None:
    told = explain_error(TransportError("http://a redirects to http://b", reason=reason), address=ADDRESS)
    assert told.sentence == f"{ADDRESS}: http://a redirects to http://b."


def test_a_limit_of_this_program_is_told_as_such() -> None:
    error = make(ErrorKind.SERVER, "one event of the stream is larger than 16 MiB", status=200)
    assert "gateway failed" in explain_error(error).sentence
    error.origin = ErrorOrigin.CLIENT
    told = explain_error(error)
    assert told.sentence == "The answer was given up here: one event of the stream is larger than 16 MiB."


@pytest.mark.parametrize("kind", [ErrorKind.AUTHENTICATION, ErrorKind.PERMISSION])
def test_a_page_of_a_proxy_is_no_word_of_the_gateway_about_the_key(kind: ErrorKind) -> None:
    error = make(kind, "Sign in", status=401, origin=ErrorOrigin.PROXY)
    assert explain_error(error).sentence.startswith("A proxy before the gateway")
    assert "key" not in explain_error(error).sentence


def test_a_bad_request_that_means_the_key_is_told_as_likely() -> None:
    error = make(ErrorKind.AUTHENTICATION, "No connected db.", status=400)
    assert explain_error(error).sentence == (
        "The gateway likely refused the API key (400). It says: No connected db."
    )
