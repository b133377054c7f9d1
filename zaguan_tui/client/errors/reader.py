"""``read_error``: status, headers and body to a typed error (wire reference §11.2 to §11.5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from zaguan_tui.client.catalogue.endpoint import Endpoint
from zaguan_tui.client.dispatch.credentials import Redactor
from zaguan_tui.client.dispatch.retry import body_retry_after, read_retry_after, should_retry_header
from zaguan_tui.client.dispatch.trace import ResponseMeta
from zaguan_tui.client.errors.absent_routes import is_bare_not_found, names_unknown_route
from zaguan_tui.client.errors.body import ErrorBody, read_error_body, read_error_value
from zaguan_tui.client.errors.exceptions import ERROR_CLASSES, APIError, ErrorKind, ErrorOrigin

RAW_CAP = 64 * 1024
"""So many bytes of an error body are kept."""

_WORDS: Mapping[str, ErrorKind] = {
    word: kind
    for kind, words in {
        ErrorKind.AUTHENTICATION: "authentication_error invalid_api_key incorrect_api_key unauthorized",
        ErrorKind.INSUFFICIENT_CREDITS: "insufficient_credits insufficient_quota billing_error",
        ErrorKind.BAND_ACCESS: "band_access_denied",
        ErrorKind.PERMISSION: "permission_error permission_denied forbidden",
        ErrorKind.NOT_FOUND: "not_found_error not_found model_not_found",
        ErrorKind.INVALID_REQUEST: "validation validation_error request_too_large context_length_exceeded",
        ErrorKind.CONFLICT: "conflict conflict_error",
        ErrorKind.RATE_LIMIT: "rate_limit_exceeded rate_limit_error too_many_requests",
        ErrorKind.OVERLOADED: "overloaded_error overloaded service_unavailable",
        ErrorKind.TIMEOUT: "timeout_error timeout gateway_timeout",
        ErrorKind.SERVER: "api_error server_error internal_error internal_server_error",
        ErrorKind.UNSUPPORTED: "not_implemented method_not_allowed",
    }.items()
    for word in words.split()
}
_GENERIC = "invalid_request_error"
"""OpenAI-style servers send this word with 401, 404 and 405 too (common), so the status knows better."""

_STATUSES: Mapping[int, ErrorKind] = {
    401: ErrorKind.AUTHENTICATION,
    402: ErrorKind.INSUFFICIENT_CREDITS,
    403: ErrorKind.PERMISSION,
    404: ErrorKind.NOT_FOUND,
    405: ErrorKind.UNSUPPORTED,
    408: ErrorKind.TIMEOUT,
    410: ErrorKind.NOT_FOUND,
    429: ErrorKind.RATE_LIMIT,
    501: ErrorKind.UNSUPPORTED,
    503: ErrorKind.OVERLOADED,
    504: ErrorKind.TIMEOUT,
    529: ErrorKind.OVERLOADED,
}
_DECIDING_STATUSES: Mapping[int, ErrorKind] = {
    409: ErrorKind.CONFLICT,
    413: ErrorKind.INVALID_REQUEST,
    422: ErrorKind.INVALID_REQUEST,
}
"""Statuses whose kind no word in the body changes: Groq calls a request that is too large a rate limit."""

_KEY_MESSAGE = re.compile(r"^no connected db\b", re.I)
"""LiteLLM without a database answers so (400) to every key but its own."""

_SWITCHED_OFF = re.compile(r"\bnot enabled\b|\b(credits?|feature) (are |is )?disabled\b", re.I)
_REQUEST_ID_HEADERS = ("x-request-id", "request-id", "x-amzn-requestid", "cf-ray")


@dataclass(frozen=True, slots=True)
class ErrorContext:
    """What is known about the call when its error is read.

    ``sent_id`` is the request id we gave it; ``damaged`` says that the body did not come whole.
    """

    endpoint: Endpoint | None = None
    attempts: int = 1
    sent_id: str | None = None
    redactor: Redactor = field(default_factory=Redactor)
    meta: ResponseMeta | None = None
    now: datetime | None = None
    damaged: bool = False


def server_request_id(headers: Mapping[str, str]) -> str | None:
    """The server's request id in its usual headers (lower-case names), first spelling first (§1.3)."""
    return next((value for name in _REQUEST_ID_HEADERS if (value := headers.get(name))), None)


def read_error(status: int, headers: Mapping[str, str], body: bytes, context: ErrorContext) -> APIError:
    """The typed error for an answer; ``headers`` has lower-case names. Never raises."""
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    read = read_error_body(body, media_type)
    absent = _endpoint_absent(status, read, context.endpoint)
    return _build(status, headers, read, body, context, absent=absent)


def read_error_frame(payload: Any, context: ErrorContext, *, raw: bytes = b"") -> APIError:
    """The typed error for an error that came inside a stream whose status was 200 (§11.4)."""
    headers = context.meta.headers if context.meta else {}
    shown = {name: value for name, value in headers.items() if name in _REQUEST_ID_HEADERS}
    read, endpoint = read_error_value(payload), context.endpoint
    absent = endpoint is not None and endpoint.path in read.message and names_unknown_route(read.message)
    return _build(200, shown, read, raw, context, absent=absent)


def _build(
    status: int,
    headers: Mapping[str, str],
    read: ErrorBody,
    body: bytes,
    context: ErrorContext,
    *,
    absent: bool,
) -> APIError:
    clean = context.redactor
    kind = ErrorKind.UNSUPPORTED if absent else _kind(status, read)
    wait = read_retry_after(headers, context.now) if context.now else None
    details = clean.value(read.details)
    assert isinstance(details, dict)
    return ERROR_CLASSES[kind](
        clean.text(read.message) or ("unreadable body" if context.damaged else _phrase(status)),
        kind=kind,
        status=status,
        type=_clean(clean, read.type),
        code=_clean(clean, read.code),
        param=_clean(clean, read.param),
        request_id=_clean(clean, server_request_id(headers) or read.request_id or context.sent_id),
        retry_after=wait if wait is not None else body_retry_after(read.details),
        provider=_clean(clean, read.provider),
        details=details,
        raw=clean.data(body[:RAW_CAP]),
        origin=_origin(status, read),
        endpoint=context.endpoint.label if context.endpoint else None,
        attempts=context.attempts,
        endpoint_absent=absent,
        switched_off=_switched_off(status, read),
        should_retry=False if status < 400 and read.is_page else should_retry_header(headers),
        meta=context.meta,
    )


def _kind(status: int, read: ErrorBody) -> ErrorKind:
    """Code before type before status (§11.2). In a stream the status is 200, so a numeric code stands in."""
    if status in _DECIDING_STATUSES:
        return _DECIDING_STATUSES[status]
    if status == 400 and _KEY_MESSAGE.search(read.message):
        return ErrorKind.AUTHENTICATION
    for word in (read.code, read.type):
        known = _WORDS.get((word or "").strip().lower().replace("-", "_").replace(" ", "_"))
        if known is not None:
            return known
    if status < 400:
        if read.code and read.code.isascii() and read.code.isdigit() and 400 <= int(read.code[:4]) < 600:
            return _kind_by_status(int(read.code))
        return ErrorKind.INVALID_REQUEST if read.type == _GENERIC else ErrorKind.SERVER
    return _kind_by_status(status)


def _kind_by_status(status: int) -> ErrorKind:
    if status in _STATUSES:
        return _STATUSES[status]
    return ErrorKind.SERVER if status >= 500 else ErrorKind.INVALID_REQUEST


def _endpoint_absent(status: int, read: ErrorBody, endpoint: Endpoint | None) -> bool:
    """Whether the server lacks this call altogether (§11.5)."""
    if status in (405, 501):
        return True
    if status != 404 and status >= 300:
        return False
    words = {(word or "").lower() for word in (read.code, read.type)}
    route = names_unknown_route(read.message, read.code, read.type)
    bare = is_bare_not_found(read.message)
    if status != 404:
        return not read.is_page and (route or bare)
    if endpoint is not None and endpoint.is_list:
        return True
    if "model_not_found" in words:
        return False
    of_an_item = endpoint is None or bool(endpoint.placeholders)
    if (route or bare) and not ("not_found_error" in words and of_an_item):
        return True
    if "not_found_error" in words:
        return False
    if read.is_page:
        return True
    if endpoint is None:
        return False
    return endpoint.path in read.message or (not read.message and not endpoint.placeholders)


def _switched_off(status: int, read: ErrorBody) -> bool:
    if status not in (400, 403):
        return False
    code = (read.code or "").lower()
    return code in ("credits_disabled", "feature_disabled", "not_enabled") or bool(
        _SWITCHED_OFF.search(read.message)
    )


def _origin(status: int, read: ErrorBody) -> ErrorOrigin:
    if read.origin is not None:
        return read.origin
    silent_proxy = not read.message and (status in (502, 503, 504) or 520 <= status <= 527)
    return ErrorOrigin.PROXY if silent_proxy else ErrorOrigin.GATEWAY


def _phrase(status: int) -> str:
    try:
        return f"{HTTPStatus(status).phrase}, without a word of explanation"
    except ValueError:
        return f"status {status}, without a word of explanation"


def _clean(redactor: Redactor, text: str | None) -> str | None:
    return None if text is None else redactor.text(text)
