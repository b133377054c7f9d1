"""Single facts of an error of the client, as words for a sentence. The client's classes are not loaded."""

from __future__ import annotations

from typing import Any

from zaguan_tui.state.core.quotes import end_sentence, quote
from zaguan_tui.state.core.spans import format_span


def speaker(error: BaseException) -> str:
    """Who failed: the provider, a proxy, or the gateway."""
    provider = quote(field(error, "provider"), 40)
    if provider:
        return f"{provider}, behind the gateway,"
    return "A proxy before the gateway" if is_proxy(error) else "The gateway"


def is_proxy(error: BaseException) -> bool:
    """Whether a proxy before the gateway answered."""
    return str(field(error, "origin")) == "proxy"


def come_back(error: BaseException, otherwise: str) -> str:
    """When to try again, if the server says so."""
    wait = field(error, "retry_after")
    return f"Try again in {format_span(wait)}." if isinstance(wait, (int, float)) and wait > 0 else otherwise


def says(error: BaseException) -> str:
    """What the server said, as a sentence of its own; nothing when it said nothing."""
    message = quote(field(error, "message"))
    return f" It says: {end_sentence(message)}" if message else ""


def status(error: BaseException, usual: int | None) -> str:
    """The status of the answer."""
    code = field(error, "status")
    return str(code or usual or "no status")


def at(error: BaseException) -> str:
    """The whole address that was asked, for a base URL with a wrong path shows in it."""
    url = quote(getattr(field(error, "meta"), "url", ""))
    return f" at {url}" if url else ""


def when(error: BaseException, usual: int) -> str:
    """The status, or that it happened in the middle of an answer that had begun well."""
    if field(error, "status") in range(200, 300):
        return " in the middle of the answer"
    return f" ({status(error, usual)})"


def number(value: Any) -> str:
    """A number with separators."""
    amount = float(value)
    return f"{amount:,.0f}" if amount == int(amount) else f"{amount:,.2f}"


def field(error: BaseException, name: str) -> Any:
    """A field of the error; ``None`` where it has none."""
    return getattr(error, name, None)
