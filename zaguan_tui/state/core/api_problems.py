"""Sentences for errors that a server answered with, by kind: what failed and why, and what to do next."""

from __future__ import annotations

from collections.abc import Callable

from zaguan_tui.client.errors.exceptions import (
    APIError,
    BandAccessError,
    ErrorKind,
    ErrorOrigin,
    InsufficientCreditsError,
)
from zaguan_tui.text.sentences import end_sentence, format_span, quote

Words = tuple[str, str]
"""The sentence and the next step."""

_OTHER_MODEL = "Choose a model from a band you have, or change the tier."
_CHECK_PROXY = "Whoever runs the proxy can let this address through; check the base URL, too."


def explain_api_error(error: APIError) -> Words:
    """Sentence and next step for an error with a status or an error body."""
    if error.endpoint_absent or error.switched_off:
        return _unsupported(error)
    return _BY_KIND.get(error.kind, _explain_other)(error)


def _authentication(error: APIError) -> Words:
    if _is_proxy(error):
        return (
            f"A proxy before the gateway wants a login ({_status(error, 401)}).{_quote_message(error)}",
            _CHECK_PROXY,
        )
    likely = "" if error.status in (401, 403, 200, None) else "likely "
    return (
        f"The gateway {likely}refused the API key ({_status(error, 401)}).{_quote_message(error)}",
        "Check this profile's key (ZAGUAN_API_KEY, or key in the config): does it belong to this host?",
    )


def _insufficient_credits(error: APIError) -> Words:
    required = remaining = reset = None
    if isinstance(error, InsufficientCreditsError):
        required, remaining, reset = error.credits_required, error.credits_remaining, error.reset_date
    if required is not None and remaining is not None:
        sentence = f"Not enough credits: this call needs {_number(required)}, {_number(remaining)} are left."
    elif remaining is not None:
        sentence = f"Not enough credits: {_number(remaining)} are left."
    elif required is not None:
        sentence = f"Not enough credits: this call needs {_number(required)}."
    else:
        sentence = f"Not enough credits for this call.{_quote_message(error)}"
    until = f"wait for the reset on {reset:%Y-%m-%d}, " if reset is not None else ""
    step = f"{until}top up, or choose a cheaper model."
    return sentence, step[0].upper() + step[1:]


def _band_access(error: APIError) -> Words:
    band = required = current = ""
    if isinstance(error, BandAccessError):
        tiers = error.band, error.required_tier, error.current_tier
        band, required, current = (quote(name, 40) for name in tiers)
    if not band and not required:
        return f"This tier may not use this model.{_quote_message(error)}", _OTHER_MODEL
    subject = f"Band {band}" if band else "This model"
    needs = f"{subject} needs the {required} tier" if required else f"{subject} is not open to this tier"
    return f"{needs}; yours is {current}." if current else f"{needs}.", _OTHER_MODEL


def _permission(error: APIError) -> Words:
    if _is_proxy(error):
        sentence = (
            f"A proxy before the gateway refused the request ({_status(error, 403)}).{_quote_message(error)}"
        )
        return sentence, _CHECK_PROXY
    return (
        f"The key is known, but may not do this ({_status(error, 403)}).{_quote_message(error)}",
        "Use a key with this right; admin calls need the admin key.",
    )


def _not_found(error: APIError) -> Words:
    return (
        f"The gateway does not know what was asked for ({_status(error, 404)}{_at_url(error)})."
        f"{_quote_message(error)}",
        "Check the id; it may have been deleted or belong to another key.",
    )


def _invalid_request(error: APIError) -> Words:
    param = quote(error.param, 60)
    fault = f" with {param}" if param else ""
    return (
        f"The gateway found fault with the request{fault} ({_status(error, 400)}).{_quote_message(error)}",
        "Change the request and send it again.",
    )


def _conflict(error: APIError) -> Words:
    return (
        f"It was changed by someone else meanwhile ({_status(error, 409)}).{_quote_message(error)}",
        "Refresh and try again.",
    )


def _rate_limit(error: APIError) -> Words:
    wait = error.retry_after
    wait_text = "" if wait is None else f"; the gateway asks to wait {format_span(wait)}"
    return (
        f"Too many requests ({_status(error, 429)}){wait_text}.{_quote_message(error)}",
        "Wait that long; polls wait by themselves."
        if wait_text
        else "Wait a moment; polls slow down by themselves.",
    )


def _overloaded(error: APIError) -> Words:
    return (
        f"{_name_origin(error)} has no capacity right now{_moment(error, 503)}.{_quote_message(error)}",
        _retry_advice(error, "Try again in a moment, or choose another provider's model."),
    )


def _timeout(error: APIError) -> Words:
    return (
        f"{_name_origin(error)} did not answer in time{_moment(error, 504)}.{_quote_message(error)}",
        _retry_advice(error, "Try again, or choose a faster model."),
    )


def _server(error: APIError) -> Words:
    if error.origin is ErrorOrigin.CLIENT:
        return (
            f"The answer was given up here: {end_sentence(quote(error.message))}",
            "What came is kept; the limit is this program's.",
        )
    return (
        f"{_name_origin(error)} failed{_moment(error, 500)}.{_quote_message(error)}",
        _retry_advice(error, "Try again; if it stays, report it with the request id."),
    )


def _unsupported(error: APIError) -> Words:
    call = error.endpoint or "this call"
    if error.switched_off:
        return (
            f"The server has {call} switched off for this key.{_quote_message(error)}",
            "Everything else keeps working; whoever runs the gateway can switch it on.",
        )
    return (
        f"This server does not offer {call} ({_status(error, 404)}{_at_url(error)}).",
        "Everything else keeps working; it is looked for again now and then.",
    )


def _explain_other(error: APIError) -> Words:
    return (
        f"The call failed ({_status(error, None)}).{_quote_message(error)}",
        "Open the request to see what came back.",
    )


_BY_KIND: dict[ErrorKind, Callable[[APIError], Words]] = {
    ErrorKind.AUTHENTICATION: _authentication,
    ErrorKind.INSUFFICIENT_CREDITS: _insufficient_credits,
    ErrorKind.BAND_ACCESS: _band_access,
    ErrorKind.PERMISSION: _permission,
    ErrorKind.NOT_FOUND: _not_found,
    ErrorKind.INVALID_REQUEST: _invalid_request,
    ErrorKind.CONFLICT: _conflict,
    ErrorKind.RATE_LIMIT: _rate_limit,
    ErrorKind.OVERLOADED: _overloaded,
    ErrorKind.TIMEOUT: _timeout,
    ErrorKind.SERVER: _server,
    ErrorKind.UNSUPPORTED: _unsupported,
}


def _name_origin(error: APIError) -> str:
    """Who failed: the provider, a proxy, or the gateway."""
    provider = quote(error.provider, 40)
    if provider:
        return f"{provider}, behind the gateway,"
    return "A proxy before the gateway" if _is_proxy(error) else "The gateway"


def _is_proxy(error: APIError) -> bool:
    """Whether a proxy before the gateway answered."""
    return error.origin is ErrorOrigin.PROXY


def _retry_advice(error: APIError, otherwise: str) -> str:
    """When to try again, if the server says so."""
    wait = error.retry_after
    return f"Try again in {format_span(wait)}." if wait is not None and wait > 0 else otherwise


def _quote_message(error: APIError) -> str:
    """The server's message as a sentence of its own; nothing when there is none."""
    message = quote(error.message)
    return f" It says: {end_sentence(message)}" if message else ""


def _status(error: APIError, usual: int | None) -> str:
    """The status of the answer, or the usual one of the kind."""
    return str(error.status or usual or "no status")


def _at_url(error: APIError) -> str:
    """The whole address that was asked, for a base URL with a wrong path shows in it."""
    url = quote(error.meta.url) if error.meta is not None else ""
    return f" at {url}" if url else ""


def _moment(error: APIError, usual: int) -> str:
    """The status, or that it happened in the middle of an answer that had begun well."""
    if error.status is not None and 200 <= error.status < 300:
        return " in the middle of the answer"
    return f" ({_status(error, usual)})"


def _number(amount: float) -> str:
    """A number with separators, two decimals where it is not whole."""
    return f"{amount:,.0f}" if amount == int(amount) else f"{amount:,.2f}"
