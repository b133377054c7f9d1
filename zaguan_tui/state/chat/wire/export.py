"""Exports the wire of an answer as JSON lines: the requests, then every stored frame."""

from __future__ import annotations

import json
from typing import Any

from zaguan_tui.state.chat.wire.frames import Frame, OmittedFrames, Stall, StreamEnd
from zaguan_tui.state.chat.wire.record import WireAttempt, WireRecord


def to_json_lines(record: WireRecord) -> str:
    """One object a line: ``request`` and ``response`` of each attempt, then ``frame``, ``stall``,
    ``left_out`` and ``end`` with their moments in seconds since the first request. Without keys. For a
    thread: it may be megabytes.
    """
    lines: list[dict[str, Any]] = []
    for attempt in record.attempts:
        lines += _exchange(attempt)
    for row in record.frames:
        match row:
            case Frame():
                frame = {"at_s": round(row.at_s, 6), "gap_s": round(row.gap_s, 6)}
                lines.append({"kind": "frame", **frame, "event": row.event, "data": row.raw})
            case Stall():
                lines.append(
                    {"kind": "stall", "at_s": round(row.at_s, 6), "length_s": round(row.length_s, 6)}
                )
            case OmittedFrames():
                lines.append({"kind": "left_out", "at_s": round(row.at_s, 6), "frames": row.frames})
            case StreamEnd():
                end = {"mark": row.mark or None, "line": row.reason}
                lines.append({"kind": "end", "at_s": round(row.at_s, 6), **end})
    return "".join(record.clean(json.dumps(line)) + "\n" for line in lines)


def _exchange(attempt: WireAttempt) -> list[dict[str, Any]]:
    request = {
        "kind": "request",
        "attempt": attempt.number,
        "at": attempt.started_at.isoformat(),
        "method": attempt.method,
        "url": attempt.url,
        "headers": dict(attempt.headers),
        "body": _decode_body(attempt.body),
    }
    response: dict[str, Any] = {
        "kind": "response",
        "attempt": attempt.number,
        "status": attempt.status,
        "elapsed_s": attempt.elapsed_s,
        "retry_in_s": attempt.retry_in,
        "headers": dict(attempt.answer_headers),
        "body": _decode_body(attempt.answer),
        "failure": attempt.reason or None,
        "message": attempt.message or None,
    }
    return [request, {name: value for name, value in response.items() if value is not None}]


def _decode_body(body: bytes | None) -> Any:
    """The body as JSON where it is, else as text."""
    if body is None:
        return None
    text = body.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except ValueError:
        return text
