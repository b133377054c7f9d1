"""Read, check and answer the lines of a batch file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zaguan_tui.sandbox.calls.chat_turn import OPENAI, ChatTurn
from zaguan_tui.sandbox.calls.embeddings import embeddings
from zaguan_tui.sandbox.calls.moderations import moderations
from zaguan_tui.sandbox.engine.ledger.ledger import LedgerError
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import GatewayError

ENDPOINTS = ("/v1/chat/completions", "/v1/embeddings", "/v1/moderations")
MAX_LINES = 50_000
_MAX_ERRORS = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One request; ``number`` counts from 1."""

    number: int
    custom_id: str
    body: dict[str, Any]


def read_lines(data: bytes, endpoint: str) -> tuple[list[Line], list[dict[str, Any]]]:
    """The requests of a file, and what is wrong with it by line; any error fails the whole batch."""
    lines: list[Line] = []
    errors: list[dict[str, Any]] = []
    lines_by_id: dict[str, int] = {}
    for number, raw in enumerate(data.split(b"\n"), 1):
        if not raw.strip():
            continue
        parsed = _line(raw, number, endpoint, lines_by_id)
        if isinstance(parsed, Line):
            lines.append(parsed)
            lines_by_id[parsed.custom_id] = number
        else:
            errors.append(parsed)
    if not lines and not errors:
        errors.append(_error("empty_file", "The input file holds no requests.", None, None))
    if len(lines) > MAX_LINES:
        errors.append(_error("too_many_requests", f"A batch takes {MAX_LINES} requests at most.", None, None))
    return lines, errors[:_MAX_ERRORS]


def _line(raw: bytes, number: int, endpoint: str, lines_by_id: Mapping[str, int]) -> Line | dict[str, Any]:
    try:
        row = json.loads(raw)
    except (ValueError, RecursionError):
        return _error("invalid_json_line", f"Line {number} is not valid JSON.", None, number)
    if not isinstance(row, dict):
        return _error("invalid_json_line", f"Line {number} is not a JSON object.", None, number)
    name = row.get("custom_id")
    if not isinstance(name, str) or not name:
        return _error("missing_required_parameter", "'custom_id' is required, a text.", "custom_id", number)
    if name in lines_by_id:
        message = f"The custom_id {name[:100]!r} is already that of line {lines_by_id[name]}."
        return _error("duplicate_custom_id", message, "custom_id", number)
    if row.get("method") != "POST":
        return _error("invalid_method", "'method' must be POST.", "method", number)
    if row.get("url") != endpoint:
        return _error("invalid_url", f"'url' must be the batch's endpoint, {endpoint}.", "url", number)
    if not isinstance(row.get("body"), dict):
        return _error("missing_required_parameter", "'body' is required, an object.", "body", number)
    return Line(number, name, row["body"])


def _error(code: str, message: str, param: str | None, line: int | None) -> dict[str, Any]:
    return {"code": code, "message": message, "param": param, "line": line}


async def answer_line(
    gateway: Gateway, endpoint: str, body: Mapping[str, Any], request_id: str
) -> tuple[int, dict[str, Any]]:
    """Status and body of one request, refusals included."""
    try:
        if endpoint == "/v1/embeddings":
            return 200, await embeddings(gateway, body, request_id)
        if endpoint == "/v1/moderations":
            return 200, await moderations(gateway, body, request_id)
        if body.get("stream"):
            raise GatewayError(400, "A batch cannot stream.", kind="invalid_request_error", param="stream")
        return 200, await ChatTurn(gateway, OPENAI, body, request_id).run()
    except GatewayError as error:
        return error.status, error.body()
    except LedgerError as error:
        return 503, GatewayError(503, str(error), kind="server_error").body()
