"""From an error of the client to the sentences a person sees: what failed and why, and what to do next.

The client's classes are known here by their fields alone, so that telling a problem never loads the client.
Kinds are those of the wire reference §11.2, plus ``not_a_gateway`` (a web page where JSON was due),
``unreadable`` (JSON that makes no sense), ``argument`` (refused before it was sent) and ``internal`` (our
fault).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from zaguan_tui.state.core.connection_problems import explain_connection_error
from zaguan_tui.state.core.error_fields import at as _at
from zaguan_tui.state.core.error_fields import come_back as _retry_advice
from zaguan_tui.state.core.error_fields import field as _field
from zaguan_tui.state.core.error_fields import is_proxy as _is_proxy
from zaguan_tui.state.core.error_fields import number as _number
from zaguan_tui.state.core.error_fields import says as _quote_message
from zaguan_tui.state.core.error_fields import speaker as _name_origin
from zaguan_tui.state.core.error_fields import status as _status
from zaguan_tui.state.core.error_fields import when as _moment
from zaguan_tui.state.core.quotes import end_sentence, quote
from zaguan_tui.state.core.spans import format_span
from zaguan_tui.state.core.store import Problem

Words = tuple[str, str]
"""The sentence and the next step."""

NOT_A_GATEWAY = "not_a_gateway"
UNREADABLE = "unreadable"
ARGUMENT = "argument"
INTERNAL = "internal"
NOT_CONNECTED = "not_connected"


def explain_error(error: BaseException, *, address: str = "") -> Problem:
    """The problem behind ``error``; ``address`` is host and port, named where the line failed."""
    kind, words = _explain(error, address)
    sentence, next_step = words
    wait = _field(error, "retry_after")
    return Problem(
        sentence=sentence,
        next_step=next_step,
        kind=kind,
        request_id=_field(error, "request_id"),
        retry_after=float(wait) if isinstance(wait, (int, float)) else None,
        endpoint=_field(error, "endpoint"),
    )


def is_unsupported_call(error: BaseException) -> bool:
    """Whether the server lacks the call, or has it switched off for us."""
    return bool(_field(error, "endpoint_absent") or _field(error, "switched_off"))


def _explain(error: BaseException, address: str) -> tuple[str, Words]:
    kind = _field(error, "kind")
    if kind is None:
        return _explain_without_kind(error, address)
    name = str(kind)
    if name == "transport":
        return name, explain_connection_error(error, address)
    if _is_web_page(error) and _field(error, "status") in range(200, 300):
        return NOT_A_GATEWAY, _web_page(address)
    if is_unsupported_call(error):
        return name, _absent(error)
    return name, _BY_KIND.get(name, _explain_other)(error)


def _explain_without_kind(error: BaseException, address: str) -> tuple[str, Words]:
    if hasattr(error, "path") and hasattr(error, "found"):
        if _is_web_page(error):
            return NOT_A_GATEWAY, _web_page(address)
        if type(error).__name__ == "AnswerTooLargeError":
            return UNREADABLE, (end_sentence(f"{error}"), _LARGER)
        return UNREADABLE, _unreadable(error)
    if hasattr(error, "allowed"):
        allowed = _field(error, "allowed")
        return ARGUMENT, (
            end_sentence(quote(error)),
            end_sentence(f"Use {quote(allowed)}") if allowed else "",
        )
    if isinstance(error, TimeoutError):
        where = address or "The gateway"
        return "timeout", (
            end_sentence(f"{where} took too long: {quote(error) or 'no answer in time'}"),
            _RETRIED,
        )
    what = f"{type(error).__name__}: {quote(error)}" if str(error) else type(error).__name__
    return INTERNAL, (
        f"zaguan-tui itself failed here ({quote(what)}).",
        "This is a bug: please report it with these words.",
    )


_LARGER = "body_limit in the configuration allows more: of the profile, and under [poll] for what is polled."
_RETRIED = "It is tried again by itself; a longer timeout can be set in the profile."


def _authentication(error: BaseException) -> Words:
    if _is_proxy(error):
        return (
            f"A proxy before the gateway wants a login ({_status(error, 401)}).{_quote_message(error)}",
            _CHECK_PROXY,
        )
    likely = "" if _field(error, "status") in (401, 403, 200, None) else "likely "
    return (
        f"The gateway {likely}refused the API key ({_status(error, 401)}).{_quote_message(error)}",
        "Check this profile's key (ZAGUAN_API_KEY, or key in the config): does it belong to this host?",
    )


def _insufficient_credits(error: BaseException) -> Words:
    required, remaining = _field(error, "credits_required"), _field(error, "credits_remaining")
    if required is not None and remaining is not None:
        sentence = f"Not enough credits: this call needs {_number(required)}, {_number(remaining)} are left."
    elif remaining is not None:
        sentence = f"Not enough credits: {_number(remaining)} are left."
    elif required is not None:
        sentence = f"Not enough credits: this call needs {_number(required)}."
    else:
        sentence = f"Not enough credits for this call.{_quote_message(error)}"
    reset = _field(error, "reset_date")
    until = f"wait for the reset on {reset:%Y-%m-%d}, " if isinstance(reset, datetime) else ""
    step = f"{until}top up, or choose a cheaper model."
    return sentence, step[0].upper() + step[1:]


def _band_access(error: BaseException) -> Words:
    band = quote(_field(error, "band"), 40)
    required, current = (quote(_field(error, name), 40) for name in ("required_tier", "current_tier"))
    if not band and not required:
        return f"This tier may not use this model.{_quote_message(error)}", _OTHER_MODEL
    subject = f"Band {band}" if band else "This model"
    needs = f"{subject} needs the {required} tier" if required else f"{subject} is not open to this tier"
    return f"{needs}; yours is {current}." if current else f"{needs}.", _OTHER_MODEL


_OTHER_MODEL = "Choose a model from a band you have, or change the tier."


_CHECK_PROXY = "Whoever runs the proxy can let this address through; check the base URL, too."


def _permission(error: BaseException) -> Words:
    if _is_proxy(error):
        sentence = (
            f"A proxy before the gateway refused the request ({_status(error, 403)}).{_quote_message(error)}"
        )
        return sentence, _CHECK_PROXY
    return (
        f"The key is known, but may not do this ({_status(error, 403)}).{_quote_message(error)}",
        "Use a key with this right; admin calls need the admin key.",
    )


def _not_found(error: BaseException) -> Words:
    return (
        f"The gateway does not know what was asked for ({_status(error, 404)}{_at(error)})."
        f"{_quote_message(error)}",
        "Check the id; it may have been deleted or belong to another key.",
    )


def _invalid_request(error: BaseException) -> Words:
    param = quote(_field(error, "param"), 60)
    fault = f" with {param}" if param else ""
    return (
        f"The gateway found fault with the request{fault} ({_status(error, 400)}).{_quote_message(error)}",
        "Change the request and send it again.",
    )


def _conflict(error: BaseException) -> Words:
    return (
        f"It was changed by someone else meanwhile ({_status(error, 409)}).{_quote_message(error)}",
        "Refresh and try again.",
    )


def _rate_limit(error: BaseException) -> Words:
    wait = _field(error, "retry_after")
    wait_text = f"; the gateway asks to wait {format_span(wait)}" if isinstance(wait, (int, float)) else ""
    return (
        f"Too many requests ({_status(error, 429)}){wait_text}.{_quote_message(error)}",
        "Wait that long; polls wait by themselves."
        if wait_text
        else "Wait a moment; polls slow down by themselves.",
    )


def _overloaded(error: BaseException) -> Words:
    return (
        f"{_name_origin(error)} has no capacity right now{_moment(error, 503)}.{_quote_message(error)}",
        _retry_advice(error, "Try again in a moment, or choose another provider's model."),
    )


def _timeout(error: BaseException) -> Words:
    return (
        f"{_name_origin(error)} did not answer in time{_moment(error, 504)}.{_quote_message(error)}",
        _retry_advice(error, "Try again, or choose a faster model."),
    )


def _server(error: BaseException) -> Words:
    if str(_field(error, "origin")) == "client":
        return (
            f"The answer was given up here: {end_sentence(quote(_field(error, 'message')))}",
            "What came is kept; the limit is this program's.",
        )
    return (
        f"{_name_origin(error)} failed{_moment(error, 500)}.{_quote_message(error)}",
        _retry_advice(error, "Try again; if it stays, report it with the request id."),
    )


def _absent(error: BaseException) -> Words:
    call = _field(error, "endpoint") or "this call"
    if _field(error, "switched_off"):
        return (
            f"The server has {call} switched off for this key.{_quote_message(error)}",
            "Everything else keeps working; whoever runs the gateway can switch it on.",
        )
    return (
        f"This server does not offer {call} ({_status(error, 404)}{_at(error)}).",
        "Everything else keeps working; it is looked for again now and then.",
    )


def _not_connected(_: BaseException) -> Words:
    return "No gateway is connected yet.", "Connect with a profile, or try the sandbox."


def _explain_other(error: BaseException) -> Words:
    return (
        f"The call failed ({_status(error, None)}).{_quote_message(error)}",
        "Open the request to see what came back.",
    )


_BY_KIND: dict[str, Callable[[BaseException], Words]] = {
    "authentication": _authentication,
    "insufficient_credits": _insufficient_credits,
    "band_access": _band_access,
    "permission": _permission,
    "not_found": _not_found,
    "invalid_request": _invalid_request,
    "conflict": _conflict,
    "rate_limit": _rate_limit,
    "overloaded": _overloaded,
    "timeout": _timeout,
    "server": _server,
    "unsupported": _absent,
    NOT_CONNECTED: _not_connected,
}


def _web_page(address: str) -> Words:
    where = address or "The server"
    return (
        f"{where} answered with a web page instead of JSON, so this is not the gateway's address.",
        "Check the base URL: host, port and path prefix of the API, not of its website.",
    )


def _unreadable(error: BaseException) -> Words:
    where = _field(error, "endpoint") or "The gateway"
    expected = quote(_field(error, "expected"), 60)
    wanted = f", where {expected} was expected" if expected else ""
    found, path = quote(_field(error, "found"), 100), quote(_field(error, "path"), 60)
    return (
        f"{where} answered something we cannot read: {found} at {path}{wanted}.",
        "Open the request to see the answer; the server may speak another version.",
    )


def _is_web_page(error: BaseException) -> bool:
    headers = getattr(_field(error, "meta"), "headers", None) or {}
    if "html" in str(headers.get("content-type", "")).lower():
        return True
    raw = _field(error, "raw")
    if isinstance(raw, bytes) and raw[:200].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return True
    return "html" in str(_field(error, "found") or "").lower()
