"""What must hold for any body and any key."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

from hypothesis import given
from hypothesis import strategies as st

from zaguan_tui.client.dispatch.credentials import Redactor, Secret
from zaguan_tui.client.errors.exceptions import ERROR_CLASSES, InsufficientCreditsError
from zaguan_tui.client.errors.reader import ErrorContext, read_error, read_error_frame

_NAMES = st.sampled_from(
    [
        "error",
        "detail",
        "message",
        "msg",
        "type",
        "code",
        "errors",
        "details",
        "metadata",
        "title",
        "loc",
        "retry_after",
        "provider",
        "credits_required",
        "reset_date",
        "success",
        "request_id",
        "param",
    ]
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | _NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=5),
    max_leaves=12,
)
_KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40)


@given(_JSON, st.integers(200, 599))
def test_any_json_body_is_one_typed_error(value: object, status: int) -> None:
    error = read_error(status, {}, json.dumps(value).encode(), ErrorContext())
    assert type(error) is ERROR_CLASSES[error.kind]
    assert error.message
    assert str(error)
    if isinstance(error, InsufficientCreditsError):
        _ = (error.credits_required, error.credits_remaining, error.reset_date)
    assert read_error_frame(value, ErrorContext()).status == 200


@given(
    st.binary(max_size=300), st.sampled_from(["", "text/html", "application/json", "text/plain; charset=x"])
)
def test_any_bytes_are_one_typed_error(body: bytes, content_type: str) -> None:
    assert read_error(500, {"content-type": content_type}, body, ErrorContext()).message


@given(_KEYS, st.text(max_size=5), st.text(max_size=5))
def test_a_key_is_found_in_every_spelling(key: str, before: str, after: str) -> None:
    redactor = Redactor([Secret(key)])
    for spelled in (
        key,
        quote(key, safe=""),
        quote(key),
        quote_plus(key),
        quote(quote(key, safe=""), safe=""),
        json.dumps(key)[1:-1],
        json.dumps(json.dumps(key)[1:-1])[1:-1],
    ):
        assert spelled not in redactor.text(f"{before} {spelled} {after}").replace("[redacted]", "")
        assert spelled.encode() not in redactor.data(f" {spelled} ".encode()).replace(b"[redacted]", b"")


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=16, max_size=40), st.integers(0, 5)
)
def test_a_key_is_found_inside_base64(key: str, offset: int) -> None:
    whole = base64.b64encode(b"u" * offset + key.encode() + b":tail").decode()
    shown = Redactor([Secret(key)]).text(whole)
    left = shown.replace("[redacted]", "")
    assert "[redacted]" in shown
    assert len(left) < len(whole) - len(key)
