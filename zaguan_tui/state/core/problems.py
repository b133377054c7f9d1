"""Explains an error to a person: a :class:`Problem` of what failed and why, and what to do next.

Kinds of problems are those of the client's :class:`ErrorKind`, plus ``not_a_gateway`` (a web page where JSON
was due), ``unreadable`` (JSON that makes no sense), ``argument`` (refused before it was sent),
``not_connected`` and ``internal`` (a fault of this program).
"""

from __future__ import annotations

from zaguan_tui.client.errors.exceptions import (
    APIError,
    ArgumentError,
    ResponseFormatError,
    TransportError,
)
from zaguan_tui.state.core.api_problems import Words, explain_api_error
from zaguan_tui.state.core.connection_problems import explain_connection_error
from zaguan_tui.state.core.store import Problem
from zaguan_tui.text.sentences import end_sentence, quote

NOT_A_GATEWAY = "not_a_gateway"
UNREADABLE = "unreadable"
ARGUMENT = "argument"
INTERNAL = "internal"
NOT_CONNECTED = "not_connected"

_LARGER = "body_limit in the configuration allows more: of the profile, and under [poll] for what is polled."
_RETRIED = "It is tried again by itself; a longer timeout can be set in the profile."


class NotConnectedError(Exception):
    """There is no gateway to call yet."""


def explain_error(error: BaseException, *, address: str = "") -> Problem:
    """The problem behind ``error``; ``address`` is host and port, named where the connection failed."""
    kind, (sentence, next_step) = _explain(error, address)
    answered = error if isinstance(error, (APIError, ResponseFormatError)) else None
    return Problem(
        sentence=sentence,
        next_step=next_step,
        kind=kind,
        request_id=answered.request_id if answered else None,
        retry_after=error.retry_after if isinstance(error, APIError) else None,
        endpoint=answered.endpoint if answered else None,
    )


def is_unsupported_call(error: BaseException) -> bool:
    """Whether the server lacks the call, or has it switched off for us."""
    return isinstance(error, APIError) and (error.endpoint_absent or error.switched_off)


def is_web_page(error: BaseException) -> bool:
    """Whether the answer behind ``error`` is a web page, which no gateway answers with."""
    if not isinstance(error, (APIError, ResponseFormatError)):
        return False
    headers = error.meta.headers if error.meta is not None else {}
    if "html" in headers.get("content-type", "").lower():
        return True
    if isinstance(error, ResponseFormatError):
        return "html" in error.received.lower()
    return error.raw[:200].lstrip().lower().startswith((b"<!doctype html", b"<html"))


def _explain(error: BaseException, address: str) -> tuple[str, Words]:
    match error:
        case TransportError():
            return str(error.kind), explain_connection_error(error, address)
        case APIError():
            if is_web_page(error) and error.status is not None and 200 <= error.status < 300:
                return NOT_A_GATEWAY, _web_page(address)
            return str(error.kind), explain_api_error(error)
        case ResponseFormatError():
            if is_web_page(error):
                return NOT_A_GATEWAY, _web_page(address)
            from zaguan_tui.client.transport.body_limit import AnswerTooLargeError  # no start needs it

            if isinstance(error, AnswerTooLargeError):
                return UNREADABLE, (end_sentence(f"{error}"), _LARGER)
            return UNREADABLE, _unreadable(error)
        case ArgumentError():
            step = end_sentence(f"Use {quote(error.allowed)}") if error.allowed else ""
            return ARGUMENT, (end_sentence(quote(error)), step)
        case NotConnectedError():
            return NOT_CONNECTED, (
                "No gateway is connected yet.",
                "Connect with a profile, or try the sandbox.",
            )
        case TimeoutError():
            reason = quote(error) or "no answer in time"
            return "timeout", (end_sentence(f"{address or 'The gateway'} took too long: {reason}"), _RETRIED)
    fault = f"{type(error).__name__}: {quote(error)}" if str(error) else type(error).__name__
    return INTERNAL, (
        f"zaguan-tui itself failed here ({quote(fault)}).",
        "This is a bug: please report it with these words.",
    )


def _web_page(address: str) -> Words:
    return (
        f"{address or 'The server'} answered with a web page instead of JSON, so this is not the gateway's "
        "address.",
        "Check the base URL: host, port and path prefix of the API, not of its website.",
    )


def _unreadable(error: ResponseFormatError) -> Words:
    expected = quote(error.expected, 60)
    due = f", where {expected} was expected" if expected else ""
    return (
        f"{error.endpoint or 'The gateway'} answered something we cannot read: {quote(error.received, 100)} "
        f"at {quote(error.path, 60)}{due}.",
        "Open the request to see the answer; the server may speak another version.",
    )
