"""Detection of errors inside answers with a good status (wire reference §11.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaguan_tui.client.errors.absent_routes import is_bare_not_found, names_unknown_route

_ENVELOPE_KEYS = frozenset(
    {"error", "errors", "error_code", "error_msg", "detail", "message", "msg", "success", "status"}
    | {"request_id", "type", "code", "timestamp", "path", "object", "data", "choices"}
)
"""Keys of an envelope that holds an error and nothing else; those of an answer's content must be empty."""

_CONTENT_KEYS = ("data", "choices")
_FAILED_WORDS = frozenset({"error", "fail", "failed", "failure"})
_LEAST_ERROR_CODE = 400

_SPELLINGS = {
    "message": "message",
    "errormessage": "message",
    "errormsg": "message",
    "statusmsg": "message",
    "faultstring": "message",
    "msg": "msg",
    "code": "code",
    "errorcode": "code",
    "type": "type",
    "errortype": "type",
    "error": "error",
    "err": "error",
    "fault": "error",
    "errors": "errors",
    "detail": "detail",
    "details": "details",
    "title": "title",
    "param": "param",
    "requestid": "request_id",
}
"""Members of an error without case and separators, and their usual spelling (AWS: ``Message``, ``Code``)."""


def respell(error: Mapping[str, Any]) -> Mapping[str, Any]:
    """``error`` with its known members in their usual spelling; a member spelled so already wins."""
    result: dict[str, Any] = {}
    for key, value in error.items():
        usual = _SPELLINGS.get(key.lower().replace("_", "").replace("-", ""), key)
        if usual == key or (usual not in error and usual not in result):
            result[usual] = value
        else:
            result[key] = value
    return result


def embedded_error(answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The error that an answer holds beside or instead of its content; ``None`` in a good answer.

    ``base_resp`` is MiniMax's (0 is good), ``x_groq.error`` says why Groq stopped early, ``choices[].error``
    is OpenRouter's. A list of choices counts when every one of them failed.
    """
    groq = answer.get("x_groq")
    if isinstance(groq, dict) and (error := groq.get("error")):
        return error if isinstance(error, dict) else {"message": error}
    choices = answer.get("choices")
    if isinstance(choices, list) and choices:
        errors = [choice.get("error") if isinstance(choice, dict) else None for choice in choices]
        first = errors[0]
        return (first if isinstance(first, dict) else {"message": first}) if all(errors) else None
    status = answer.get("base_resp")
    if isinstance(status, dict) and status.get("status_code") not in (0, "0", None):
        return {"message": status.get("status_msg"), "code": status["status_code"]}
    return None


def is_error_answer(value: Any) -> bool:
    """Whether an answer with a good status is an error and nothing else (common; §11.1)."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, dict) and _is_envelope(item) for item in value)
    if not isinstance(value, dict):
        return isinstance(value, str) and is_bare_not_found(value)
    if isinstance(value.get("x_groq"), dict) and value.get("choices"):
        return False  # text has come: what stopped it is told beside it
    return embedded_error(value) is not None or _is_envelope(value)


def _is_envelope(value: Mapping[str, Any]) -> bool:
    if "choices" in value and not value["choices"] and value.get("error"):
        return True
    if set(value) - _ENVELOPE_KEYS or any(value.get(key) for key in _CONTENT_KEYS):
        return False
    if value.get("error") or value.get("success") is False or value.get("object") == "error":
        return True
    if value.get("type") == "error" or str(value.get("status")).lower() in _FAILED_WORDS:
        return True
    messages = [text for key in ("message", "msg", "detail") if isinstance(text := value.get(key), str)]
    if any(_is_error_code(value.get(key)) for key in ("code", "error_code")) and (
        messages or value.get("error_msg")
    ):
        return True
    return any(is_bare_not_found(text) or names_unknown_route(text) for text in messages)


def _is_error_code(code: object) -> bool:
    if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) < 10:
        code = int(code)
    return type(code) is int and code >= _LEAST_ERROR_CODE
