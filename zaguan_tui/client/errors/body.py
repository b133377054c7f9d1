"""Reader of error bodies: message, type, code and param from every known envelope (wire reference §11.1).

OpenAI, Anthropic and Zaguan objects, error strings, OAuth, FastAPI (text, list, object), problem+json, plain
messages, HTML pages, plain text, nothing at all, and JSON cut short.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zaguan_tui.client.errors.answer_errors import embedded_error, respell
from zaguan_tui.client.errors.exceptions import ErrorOrigin

_MAX_MESSAGE_LENGTH = 2000
_MAX_PAGE_TEXT_LENGTH = 200
_MAX_PAGE_LENGTH = 64 * 1024
_ERROR_KEYS = frozenset(
    {"message", "msg", "type", "code", "param", "details", "metadata", "request_id", "error"}
)
_OUTER_KEYS = frozenset({"error", "detail", "message", "msg", "errors", "success", "request_id"})
_PROVIDER_TYPES = frozenset({"upstream_error", "provider_error"})
_TAG = re.compile(r"<[^>]*>")
_XML_START = re.compile(r"\s*<(\?xml|error|errorresponse)\b", re.I)
_XML_MEMBER = {name: re.compile(rf"<{name}>([^<]{{1,2000}})</{name}>", re.I) for name in ("code", "message")}
_HTML_START = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """What an error body says, before status and headers are weighed. Empty ``message``: it says nothing.

    ``details`` holds all fields without an attribute of their own, the innermost winning (§11.3).
    """

    message: str = ""
    type: str | None = None
    code: str | None = None
    param: str | None = None
    request_id: str | None = None
    provider: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    origin: ErrorOrigin | None = None
    is_page: bool = False


def read_error_body(body: bytes, content_type: str) -> ErrorBody:
    """Read ``body``, whatever it is; never raises. ``content_type`` is without parameters, lower case."""
    if not body.strip():
        return ErrorBody()
    if is_page(body, content_type):
        return _read_page(body[:_MAX_PAGE_LENGTH].decode("utf-8", "replace"))
    looks_like_json = "json" in content_type or body.lstrip()[:1] in (b"{", b"[")
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        if looks_like_json:
            return ErrorBody(message="unreadable body, JSON cut short or damaged")
        return _read_text(body.decode("utf-8", "replace"))
    return read_error_value(value)


def is_page(body: bytes, content_type: str = "") -> bool:
    """True for an HTML page, which no endpoint ever answers with."""
    return (
        content_type in ("text/html", "application/xhtml+xml") or _HTML_START.match(body[:2048]) is not None
    )


def read_error_value(value: Any) -> ErrorBody:
    """Read a decoded error: a whole body, or the payload of an error frame in a stream."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        value = value[0]  # Gemini puts a list around its error
    if not isinstance(value, dict):
        return ErrorBody(message=_shorten(_plain(value)))
    embedded = embedded_error(value)
    if embedded is not None and not value.get("error"):
        return _read_object(respell(embedded), {})
    value = respell(value)
    error = value.get("error")
    detail = value.get("detail")
    if isinstance(detail, dict):
        inner = detail.get("error")
        error = error or (inner if isinstance(inner, dict) else detail)
    if isinstance(error, dict):
        return _read_object(respell(error), value)
    if isinstance(error, str):
        return _read_string(error, value)
    if isinstance(detail, list):
        return ErrorBody(
            message=_shorten(_join_validation(detail)), type="validation", details={"detail": detail}
        )
    if isinstance(detail, str) and "title" in value:
        return _read_problem(value)
    if error is None and isinstance(value.get("errors"), list):
        return _read_error_list(value)
    if error is None and isinstance(value.get("errors"), dict):
        return _read_error_map(value)
    return _read_object(value, {})


def _read_object(error: Mapping[str, Any], around: Mapping[str, Any]) -> ErrorBody:
    metadata, nested, detail = (
        _mapping(error.get("metadata")),
        _mapping(error.get("details")),
        around.get("detail"),
    )
    details = {key: item for key, item in around.items() if key not in _OUTER_KEYS | {"type"}}
    for layer in (_mapping(detail), error, metadata, nested):
        details |= {key: item for key, item in layer.items() if key not in _ERROR_KEYS}
    message = _first_text(error, "message", "msg", "detail", "error", "title", "error_description")
    message, outer = _unwrap_nested_json(message)
    if outer:
        details["outer_message"] = outer
    provider = error.get("provider") or metadata.get("provider_name") or nested.get("provider")
    kind = _word(error.get("type"))
    upstream = provider or (kind or "").lower() in _PROVIDER_TYPES
    return ErrorBody(
        message=_shorten(message),
        type=kind,
        code=_word(error.get("code")),
        param=_word(error.get("param")),
        request_id=_word(around.get("request_id")) or _word(error.get("request_id")),
        provider=_word(provider),
        details=details,
        origin=ErrorOrigin.PROVIDER if upstream else None,
    )


def _read_string(error: str, around: Mapping[str, Any]) -> ErrorBody:
    """``{"error": "text"}`` of simple proxies, or OAuth's ``error`` code with ``error_description``."""
    details = {key: item for key, item in around.items() if key not in _OUTER_KEYS}
    description = details.pop("error_description", None)
    message_text = description or around.get("message")
    if isinstance(message_text, str) and message_text:
        return ErrorBody(message=_shorten(message_text), code=error, details=details)
    message, outer = _unwrap_nested_json(error)
    if outer:
        details["outer_message"] = outer
    return ErrorBody(message=_shorten(message), code=_word(around.get("code")), details=details)


def _read_problem(value: Mapping[str, Any]) -> ErrorBody:
    """RFC 9457 problem details: ``title: detail``."""
    details = {key: item for key, item in value.items() if key not in ("type", "title", "detail", "status")}
    message = ": ".join(str(value[key]) for key in ("title", "detail") if value.get(key))
    return ErrorBody(message=_shorten(message), type=_word(value.get("type")), details=details)


def _read_error_list(value: Mapping[str, Any]) -> ErrorBody:
    entries = [entry if isinstance(entry, dict) else {"message": entry} for entry in value["errors"]]
    first: Mapping[str, Any] = entries[0] if entries else {}
    body = _read_object(first, value)
    messages = [text for entry in entries if (text := _first_text(entry, "message", "msg", "detail"))]
    return ErrorBody(
        message=_shorten("; ".join(messages) or _first_text(value, "message", "msg")),
        type=body.type,
        code=body.code,
        param=body.param,
        request_id=_word(value.get("request_id")),
        details={"errors": value["errors"]},
    )


def _read_error_map(value: Mapping[str, Any]) -> ErrorBody:
    """ASP.NET's and Rails' ``errors``: a list of texts for each field."""
    lines = [
        f"{name}: {', '.join(map(_plain, texts)) if isinstance(texts, list) else _plain(texts)}"
        for name, texts in value["errors"].items()
    ]
    outer = _first_text(value, "message", "msg", "title")
    message = ": ".join(filter(None, (outer.rstrip("."), "; ".join(lines))))
    return ErrorBody(
        message=_shorten(message), code=_word(value.get("code")), details={"errors": value["errors"]}
    )


def _join_validation(entries: list[Any]) -> str:
    """FastAPI's 422 list as ``body.messages: Field required; …``."""
    lines = []
    for entry in entries:
        if isinstance(entry, dict):
            place = entry.get("loc")
            where = ".".join(str(step) for step in place) if isinstance(place, list) else _plain(place)
            text = _first_text(entry, "msg", "message")
            lines.append(f"{where}: {text}" if where else text)
        else:
            lines.append(_plain(entry))
    return "; ".join(lines)


def _read_page(page: str) -> ErrorBody:
    """Title and first heading of an HTML page as plain text; its scripts and markup are never shown."""
    bare = re.sub(r"<(script|style)\b.*?(</\1\s*>|$)", " ", page, flags=re.I | re.S)
    texts: list[str] = []
    for tag in ("title", "h1"):
        match = re.search(rf"<{tag}\b[^<>]*>(.{{0,500}}?)</{tag}\s*>", bare, re.I | re.S)
        text = " ".join(html.unescape(_TAG.sub(" ", match[1])).split()) if match else ""
        if text and not any(text in other for other in texts):
            texts.append(text)
    message = ": ".join(texts) or "an HTML page instead of an answer"
    return ErrorBody(message=_shorten(message, _MAX_PAGE_TEXT_LENGTH), origin=ErrorOrigin.PROXY, is_page=True)


def _read_text(text: str) -> ErrorBody:
    if _XML_START.match(text):
        code, message = (_XML_MEMBER[name].search(text) for name in ("code", "message"))
        words = html.unescape(message[1]) if message else " ".join(_TAG.sub(" ", text).split())
        return ErrorBody(message=_shorten(words), code=code[1] if code else None)
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    origin = ErrorOrigin.PROXY if first.startswith(("upstream ", "no healthy upstream")) else None
    return ErrorBody(message=_shorten(first), origin=origin)


def _unwrap_nested_json(message: str) -> tuple[str, str]:
    """A provider's JSON error sent as a string: its inner message, and the outer text (empty if plain)."""
    if not message.lstrip().startswith("{"):
        return message, ""
    try:
        value = json.loads(message)
    except (ValueError, RecursionError):
        return message, ""
    inner = _mapping(value)
    nested = inner.get("error")
    text = nested if isinstance(nested, str) else _first_text(_mapping(nested), "message", "msg")
    text = text or _first_text(inner, "message", "msg", "detail")
    return (text, message) if text else (message, "")


def _first_text(source: Mapping[str, Any], *names: str) -> str:
    for name in names:
        value = source.get(name)
        if value not in (None, "", [], {}):
            return _plain(value)
    return ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _word(value: Any) -> str | None:
    return None if value is None or value == "" or isinstance(value, (dict, list)) else str(value)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _shorten(text: str, longest: int = _MAX_MESSAGE_LENGTH) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
