"""The wire log: records requests and frames of the newest answers, matched by their request ids."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from zaguan_tui.state.chat.wire.record import WireRecord
from zaguan_tui.state.core.clock import Clock
from zaguan_tui.state.core.subscribers import Subscribers, Unsubscribe

if TYPE_CHECKING:
    from zaguan_tui.client.dispatch.trace import TraceEvent

MAX_ANSWERS: Final = 12
MAX_SIZE: Final = 24_000_000
"""Bytes kept in all, the answers that are being given not counted."""


class WireLog:
    """Keeps the wire of the last twelve answers, less when they are large.

    It is a ``Tap`` for the turn runner and an ``Observer`` for the client. ``clean`` takes keys out of text:
    frames are kept as they came, and redacted whenever they are read.
    """

    def __init__(self, clock: Clock, clean: Callable[[str], str] = str) -> None:
        self.clean = clean
        self._clock = clock
        self._records: dict[str, WireRecord] = {}
        self._by_request: dict[str, WireRecord] = {}
        self._subscribers: Subscribers[WireRecord] = Subscribers()

    def watch(self, message_id: str) -> dict[str, Any]:
        """What a stream call needs so that the wire of this answer can be seen."""
        from zaguan_tui.client.dispatch.options import RequestOptions  # no start needs it

        record = WireRecord(
            message_id,
            str(uuid.uuid4()),
            clean=lambda text: self.clean(text),
            monotonic=self._clock.monotonic,
            changed=self._notify,
        )
        self._records[message_id] = record
        self._by_request[record.request_id] = record
        self._evict_oldest()
        return {"options": RequestOptions(request_id=record.request_id), "on_frame": record.add_frame}

    def observe(self, event: TraceEvent) -> None:
        """Take note of what the client does, where it is for one of the answers."""
        from zaguan_tui.client.dispatch import trace  # loaded with the client, not at the start

        record = self._by_request.get(event.request_id)
        if record is not None:
            match event:
                case trace.AttemptStarted():
                    record.on_started(event)
                case trace.AttemptFinished():
                    record.on_finished(event)
                case trace.AttemptFailed():
                    record.on_failed(event)
                case trace.StreamClosed():
                    record.on_closed(event)

    def of(self, message_id: str | None) -> WireRecord | None:
        """The wire of an answer; ``None`` when it was not watched, or let go since."""
        return None if message_id is None else self._records.get(message_id)

    def follow(self, changed: Callable[[WireRecord], None]) -> Unsubscribe:
        """Call ``changed`` for whatever comes, a thousand times a second if need be; returns the undo."""
        return self._subscribers.add(changed)

    def snippet(self, message_id: str, language: str) -> str:
        """The last request of an answer as code: ``curl``, ``httpx``, ``openai`` or ``typescript``.

        The key is not in it. Blocks while a large body is written: for a thread. Raises ``KeyError`` when
        there is no such request.
        """
        from zaguan_tui.client.copy_as.snippets import SnippetLanguage, copy_as

        record = self._records[message_id]
        if record.attempt is None:
            raise KeyError(message_id)
        return self.clean(copy_as(SnippetLanguage(language), record.attempt))

    def _notify(self, record: WireRecord) -> None:
        if len(self._subscribers):
            self._subscribers.notify(record)

    def _evict_oldest(self) -> None:
        """The oldest answers go first; the one that begins stays."""
        size = sum(record.kept_size for record in self._records.values())
        for message_id in list(self._records)[:-1]:
            if len(self._records) <= MAX_ANSWERS and size <= MAX_SIZE:
                break
            record = self._records[message_id]
            if record.live and record.attempts:
                continue
            size -= record.kept_size
            del self._records[message_id], self._by_request[record.request_id]
