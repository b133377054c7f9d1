"""The requests and responses of an answer as text. Large bodies take a while: for a thread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from textual.content import Content

from zaguan_tui.screens.chat.wire.json_highlight import highlight_json
from zaguan_tui.state.chat.wire.record import WireAttempt, WireRecord
from zaguan_tui.text.format import clock, latency, size
from zaguan_tui.widgets.foreign_text import foreign_line, identifier

SHORT_BODY: Final = 1_500
_REASONS: Final = {"cancelled": "stopped by you"}


def format_exchange(record: WireRecord) -> Content:
    """Every attempt in a line, the newest with all that went out and came back."""
    newest = record.attempt
    if newest is None:
        return Content.styled("Nothing has gone out yet.", "$ink-soft")
    lines: list[Content] = [
        Content.assemble((f"{newest.method} ", "bold $ink-strong"), identifier(newest.url, "$foreground"))
    ]
    for attempt in record.attempts:
        lines.append(format_attempt(attempt))
        if attempt is not newest and attempt.answer:
            lines.append(highlight_json(_decoded(attempt.answer), SHORT_BODY))
    refused = not newest.good and newest.answer is not None
    if refused:
        lines += _answer(newest)
    lines += _part("Headers that went out", newest.headers)
    lines += _body("Body that went out", newest.body)
    if not refused:
        lines += _answer(newest)
    return Content("\n").join(lines)


def format_attempt(attempt: WireAttempt) -> Content:
    """``✖ 1  503 after 120 ms · asked again after 1.2 s``."""
    if attempt.status is not None:
        shape, color = ("●", "$success") if attempt.good else ("✖", "$error")
        words = f"{attempt.status} after {latency(attempt.elapsed_s)}"
    elif attempt.reason:
        shape, color = "✖", "$error"
        reason = _REASONS.get(attempt.reason, attempt.reason)
        words = f"no answer: {reason} after {latency(attempt.elapsed_s)}"
    else:
        shape, color, words = "◌", "$primary", "no answer yet"
    parts = [
        Content.assemble((f"{shape} ", color), (f"attempt {attempt.number}  ", "$ink-soft"), (words, color)),
        Content.styled(f"sent {clock(attempt.started_at)}", "$ink-faint"),
    ]
    if attempt.message:
        parts.append(foreign_line(attempt.message, "$ink-soft"))
    if attempt.server_request_id:
        parts.append(identifier(attempt.server_request_id, "$ink-soft"))
    if attempt.retry_in is not None:
        parts.append(Content.styled(f"asked again after {latency(attempt.retry_in)}", "$warning"))
    return Content.styled(" · ", "$ink-faint").join(parts)


def _answer(attempt: WireAttempt) -> Iterator[Content]:
    if attempt.answer is not None:
        yield from _body("Body that came back", attempt.answer)
    if attempt.answer_headers:
        yield from _part("Headers that came back", attempt.answer_headers)


def _part(title: str, headers: Mapping[str, str]) -> Iterator[Content]:
    yield Content("")
    yield Content.styled(title, "bold $ink-strong")
    for name, value in headers.items():
        yield Content.assemble(
            foreign_line(name, "$ink-soft"), (": ", "$ink-faint"), foreign_line(value, "$foreground")
        )


def _body(title: str, body: bytes | None) -> Iterator[Content]:
    yield Content("")
    length = "" if body is None else f"  {size(len(body))}"
    yield Content.assemble((title, "bold $ink-strong"), (length, "$ink-faint"))
    if body is None:
        yield Content.styled("It was not recorded.", "$ink-soft")
    elif not body:
        yield Content.styled("It is empty.", "$ink-soft")
    else:
        yield highlight_json(_decoded(body))


def _decoded(body: bytes) -> str:
    return body.decode("utf-8", "replace")
