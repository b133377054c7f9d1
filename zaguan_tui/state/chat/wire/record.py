"""The wire record of one answer: its requests, the responses, and the frames."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from zaguan_tui.state.chat.wire.digest import END_MARKER, FrameDigest, digest_frame
from zaguan_tui.state.chat.wire.frames import Frame, FrameLog

if TYPE_CHECKING:
    from zaguan_tui.client.dispatch.trace import AttemptFailed, AttemptFinished, AttemptStarted, StreamClosed
    from zaguan_tui.client.streaming.sse import SSEEvent

MAX_FRAMES_SEARCHED: Final = 64
"""The first piece of the answer is looked for in so many frames."""

MAX_FRAME_LENGTH: Final = 1_000_000
"""Characters kept of one frame."""

LONGEST_KEY: Final = 4_096

MAX_PIECE_LENGTH: Final = 1_000
"""Characters of a frame that a digest holds."""

_MESSAGE_STOP: Final = "message_stop"


@dataclass(slots=True)
class WireAttempt:
    """One request and what came of it; headers and bodies are redacted by the client.

    ``elapsed_s`` is until the headers came, or until it failed; ``retry_in`` the wait before the next.
    ``reason`` says why no answer came, ``message`` in more words. ``answer`` is the body of an answer that
    was no stream.
    """

    number: int
    method: str
    url: str
    path: str
    at: float
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)
    status: int | None = None
    elapsed_s: float | None = None
    retry_in: float | None = None
    answer_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    answer: bytes | None = field(default=None, repr=False)
    server_request_id: str | None = None
    reason: str = ""
    message: str = ""

    @property
    def over(self) -> bool:
        """Whether it is known what came of it."""
        return self.status is not None or bool(self.reason)

    @property
    def good(self) -> bool:
        """Whether an answer began."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def started_at(self) -> datetime:
        """When it was sent."""
        return datetime.fromtimestamp(self.at, UTC)


class WireRecord:
    """Grows while the answer comes. ``clean`` takes keys out of text by value.

    ``received`` counts the bytes of the stream, known at its end. ``first_piece_s`` is when the first piece
    of text, reasoning or a call came, in seconds since the request.
    """

    def __init__(
        self,
        message_id: str,
        request_id: str,
        *,
        clean: Callable[[str], str],
        monotonic: Callable[[], float],
        changed: Callable[[WireRecord], None],
    ) -> None:
        self.message_id = message_id
        self.request_id = request_id
        self.attempts: list[WireAttempt] = []
        self.frames = FrameLog()
        self.received: int | None = None
        self.first_piece_s: float | None = None
        self._clean = clean
        self._monotonic = monotonic
        self._changed = changed
        self._heard_at: float | None = None

    @property
    def attempt(self) -> WireAttempt | None:
        """The newest request."""
        return self.attempts[-1] if self.attempts else None

    @property
    def live(self) -> bool:
        """Whether more may come."""
        newest = self.attempt
        if newest is None or self.frames.end is not None:
            return newest is None
        return not newest.over or newest.good or newest.retry_in is not None

    @property
    def silent_s(self) -> float | None:
        """For how long nothing has come, while something may; ``None`` else."""
        if not self.live or self._heard_at is None:
            return None
        return self._monotonic() - self._heard_at

    @property
    def kept_size(self) -> int:
        """Bytes that are kept of it, about. A body that was sent again is one."""
        bodies = {id(attempt.body): len(attempt.body or b"") for attempt in self.attempts}
        answers = sum(len(attempt.answer or b"") for attempt in self.attempts)
        return self.frames.kept_size + sum(bodies.values()) + answers

    def text_of(self, frame: Frame) -> str:
        """The data of a frame, redacted."""
        return self._clean(frame.raw)

    def event_of(self, frame: Frame) -> str:
        """The name the server gave a frame, redacted."""
        return self._clean(frame.event) if frame.event else ""

    def digest_of(self, frame: Frame) -> FrameDigest:
        """What a frame says, redacted. Of a large one only the beginning is looked at."""
        digest = digest_frame(frame.event, frame.raw)
        return FrameDigest(
            self._clean(digest.label),
            self._clean(digest.piece[: 2 * MAX_PIECE_LENGTH])[:MAX_PIECE_LENGTH],
            adds=digest.adds,
            trouble=digest.trouble,
        )

    def clean(self, text: str) -> str:
        """``text`` without keys."""
        return self._clean(text)

    def add_frame(self, event: SSEEvent, at_s: float) -> None:
        """A frame came. Called on the event loop for each of a thousand a second."""
        data = event.data if len(event.data) <= MAX_FRAME_LENGTH else self._shorten(event.data)
        self.frames.take(at_s, event.event, data)
        self._heard_at = self._monotonic()
        looking = self.first_piece_s is None and self.frames.frames <= MAX_FRAMES_SEARCHED
        if looking and digest_frame(event.event, event.data).adds:
            self.first_piece_s = at_s
        self._changed(self)

    def _shorten(self, data: str) -> str:
        """The beginning of a large frame, redacted before it is cut: half a key would not be known as one."""
        start = self._clean(data[:MAX_FRAME_LENGTH])[:-LONGEST_KEY]
        return f"{start}… (frame of {len(data):,} characters, cut here)"

    def on_started(self, event: AttemptStarted) -> None:
        """A request goes out. The same body again is kept once."""
        newest = self.attempt
        body = newest.body if newest is not None and newest.body == event.body else event.body
        self.attempts.append(
            WireAttempt(
                event.attempt, event.method, event.url, event.path, event.at, dict(event.headers), body
            )
        )
        self._heard_at = self._monotonic()
        self._changed(self)

    def on_finished(self, event: AttemptFinished) -> None:
        """Status and headers came; of a refusal the body, too."""
        if (attempt := self._attempt(event.attempt)) is not None:
            attempt.status, attempt.elapsed_s = event.status, event.elapsed_s
            attempt.retry_in, attempt.answer = event.retry_in, event.body
            attempt.answer_headers = dict(event.headers)
            attempt.server_request_id = event.server_request_id
            self._heard_at = self._monotonic()
            self._changed(self)

    def on_failed(self, event: AttemptFailed) -> None:
        """No answer came."""
        if (attempt := self._attempt(event.attempt)) is not None:
            attempt.reason, attempt.message = event.reason, event.message
            attempt.elapsed_s, attempt.retry_in = event.elapsed_s, event.retry_in
            self._heard_at = self._monotonic()
            self._changed(self)

    def on_closed(self, event: StreamClosed) -> None:
        """The stream is over."""
        self.received = event.received
        at_s = event.elapsed_s
        if self.frames.frames and self._heard_at is not None:
            at_s = self.frames.last_s + self._monotonic() - self._heard_at
        self.frames.finish(at_s, self._mark(), event.reason)
        self._changed(self)

    def _attempt(self, number: int) -> WireAttempt | None:
        return next((attempt for attempt in reversed(self.attempts) if attempt.number == number), None)

    def _mark(self) -> str:
        """The frame that announced the end, if one did."""
        last = next((row for row in _newest_first(self.frames) if isinstance(row, Frame)), None)
        if last is None:
            return ""
        if last.raw.startswith(END_MARKER):
            return END_MARKER
        digest = digest_frame(last.event, last.raw)
        if digest.trouble:
            return "error"
        return digest.label if digest.label == _MESSAGE_STOP or last.event in ("done", "end") else ""


def _newest_first(frames: FrameLog) -> list[object]:
    return [frames[place] for place in range(len(frames) - 1, max(-1, len(frames) - 3), -1)]
