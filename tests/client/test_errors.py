"""Every error body becomes the one normalised error."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from zaguan_tui.client.catalogue.declare import endpoint_of_method
from zaguan_tui.client.catalogue.endpoint import CallClass
from zaguan_tui.client.dispatch.credentials import Redactor, Secret
from zaguan_tui.client.dispatch.retry import RetryPolicy
from zaguan_tui.client.errors.answer_errors import is_error_answer
from zaguan_tui.client.errors.exceptions import APIError, ErrorKind, ErrorOrigin
from zaguan_tui.client.errors.reader import ErrorContext, read_error, read_error_frame

FIXTURES = Path(__file__).parent.parent / "fixtures" / "errors"
CASES = json.loads((FIXTURES / "cases.json").read_text())["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["file"]))
def test_each_case_reads_as_expected(case: dict[str, Any]) -> None:
    expect = dict(case["expect"])
    clock = expect.pop("clock", None)
    now = parsedate_to_datetime(clock) if clock else datetime.now(UTC)
    body = (FIXTURES / case["file"]).read_bytes()
    error = read_error(case["status"], case["headers"], body, ErrorContext(now=now))
    for name, value in expect.items():
        if name == "message_contains":
            assert value in error.message
        elif name == "retry_after_s":
            assert error.retry_after == pytest.approx(value)
        elif name == "auto_retry":
            assert (RetryPolicy().wait_after(error, CallClass.READ, 1, 2, 0.0) is not None) is value
        else:
            assert getattr(error, name) == value, name
    assert error.status == case["status"]
    assert "<" not in error.message


def error_for(value: Any, status: int = 400, **headers: str) -> APIError:
    return read_error(status, headers, json.dumps(value).encode(), ErrorContext())


@pytest.mark.parametrize(
    ("status", "value", "message"),
    [
        (403, {"error": "invalid_token", "error_description": "The token is old"}, "The token is old"),
        (400, {"msg": "no"}, "no"),
        (400, {"errors": [{"message": "one"}, "two"]}, "one; two"),
        (400, {"success": False, "message": "did not work"}, "did not work"),
        (400, {"detail": {"error": {"message": "inside"}}}, "inside"),
        (400, ["odd"], '["odd"]'),
        (400, {}, "Bad Request, without a word of explanation"),
        (599, {}, "status 599, without a word of explanation"),
    ],
)
def test_every_envelope_gives_its_message(status: int, value: Any, message: str) -> None:
    assert error_for(value, status).message == message


def test_the_word_of_the_server_comes_before_the_status_except_the_generic_one() -> None:
    assert error_for({"error": {"type": "rate_limit_error"}}, 400).kind is ErrorKind.RATE_LIMIT
    assert (
        error_for({"error": {"type": "x", "code": "invalid_api_key"}}, 400).kind is ErrorKind.AUTHENTICATION
    )
    assert error_for({"error": {"type": "invalid_request_error"}}, 401).kind is ErrorKind.AUTHENTICATION


def test_a_missing_collection_means_a_missing_endpoint_and_a_missing_item_does_not() -> None:
    body = json.dumps({"error": {"message": "No model x", "code": "model_not_found"}}).encode()
    listing = read_error(404, {}, body, ErrorContext(endpoint=endpoint_of_method("get_credits_balance")))
    assert listing.endpoint_absent
    assert listing.kind is ErrorKind.UNSUPPORTED
    item = read_error(404, {}, body, ErrorContext(endpoint=endpoint_of_method("get_batch")))
    assert not item.endpoint_absent
    page = read_error(404, {"content-type": "text/html"}, b"<html></html>", ErrorContext())
    assert page.endpoint_absent


def test_fields_are_found_wherever_the_server_puts_them() -> None:
    error = error_for(
        {"error": {"code": "insufficient_credits", "metadata": {"credits_required": "1,200"}}}, 402
    )
    assert getattr(error, "credits_required") == 1200  # noqa: B009 - the class is known at run time only
    error = error_for({"error": {"code": "insufficient_credits"}, "reset_date": "2026-12-01"}, 402)
    assert getattr(error, "reset_date") == datetime(2026, 12, 1, tzinfo=UTC)  # noqa: B009 - as above


def test_an_error_frame_takes_its_kind_from_its_words() -> None:
    frame = read_error_frame({"error": {"code": 529, "message": "busy"}}, ErrorContext())
    assert (frame.kind, frame.status, frame.retryable) == (ErrorKind.OVERLOADED, 200, True)
    assert read_error_frame("plain words", ErrorContext()).message == "plain words"


def test_an_answer_that_is_only_an_envelope_is_an_error() -> None:
    assert is_error_answer({"error": {"message": "no"}})
    assert is_error_answer({"success": False, "message": "no"})
    assert not is_error_answer({"id": "ftjob-1", "error": {"message": "job failed"}})
    assert not is_error_answer({"error": None, "data": []})
    assert not is_error_answer([])


def test_a_key_in_an_error_is_masked_in_every_form() -> None:
    key = 'sk-very/secret+"key"'
    context = ErrorContext(redactor=Redactor([Secret(key)]))
    error = read_error(
        400,
        {"x-request-id": f"id-{key}"},
        json.dumps({"error": {"message": f"bad key {key}", "seen": [key], "code": key}}).encode(),
        context,
    )
    shown = f"{error} {error!r} {error.details} {error.raw!r} {error.request_id} {error.code}"
    assert "very/secret" not in shown
    assert "very\\/secret" not in shown
    assert repr(Secret(key)) == str(Secret(key)) == "Secret('****')"


def test_a_deeply_nested_or_huge_body_is_still_an_error() -> None:
    error = read_error(500, {"content-type": "application/json"}, b"[" * 200_000, ErrorContext())
    assert "unreadable" in error.message
    assert len(error.raw) == 64 * 1024
    page = read_error(500, {"content-type": "text/html"}, b"<title" * 50_000, ErrorContext())
    assert page.origin is ErrorOrigin.PROXY
