"""Kind of a streamed body: event stream, JSON, or an HTML page.

The first byte that is not white space decides (``proposal``): no field of an event stream begins with a brace
or a bracket, so a JSON body is recognised even when the content type says otherwise.
"""

from __future__ import annotations

import enum

from zaguan_tui.client.streaming.json_lines import JSONLines
from zaguan_tui.client.streaming.sse import EVENT_LIMIT, SSEDecoder, SSEEvent

_PAGE_SHOWN = 64 * 1024
"""Bytes kept of a body that is neither events nor JSON, enough to tell what answered."""

_BOM = b"\xef\xbb\xbf"


class BodyKind(enum.StrEnum):
    """What a body turned out to be. ``UNKNOWN`` until its first byte that is not white space."""

    UNKNOWN = "unknown"
    EVENTS = "events"
    JSON = "JSON"
    PAGE = "page"


class StreamBody:
    """Bytes in, frames out. A frame is an :class:`~.sse.SSEEvent`; in a JSON body, one per JSON text.

    ``page`` holds the head of a body that is neither events nor JSON, which has no frames.
    """

    __slots__ = ("_content_type", "_events", "_head", "_json", "kind", "page")

    def __init__(self, content_type: str = "", limit: int = EVENT_LIMIT) -> None:
        self._content_type = content_type
        self._events = SSEDecoder(limit)
        self._json = JSONLines(limit)
        self._head = b""
        self.kind = BodyKind.UNKNOWN
        self.page = b""

    @property
    def replaced(self) -> int:
        """Frames that held invalid UTF-8."""
        return self._events.replaced + self._json.replaced

    @property
    def foreign(self) -> str | None:
        """The first line of a body that showed no sign of being an event stream, ``None`` for every other."""
        return None if self._events.fields else self._events.unknown

    @property
    def pending(self) -> int:
        """Bytes that wait for the end of their frame."""
        return self._events.pending or self._json.pending

    def feed(self, data: bytes) -> list[SSEEvent]:
        """The frames that ``data`` completes. Raises :class:`~.sse.EventTooLargeError`."""
        if self.kind is BodyKind.UNKNOWN:
            data = self._sniff(data)
        if self.kind is BodyKind.EVENTS:
            return self._events.feed(data)
        if self.kind is BodyKind.JSON:
            return self._json.feed(data)
        if self.kind is BodyKind.PAGE:
            self.page += data[: _PAGE_SHOWN - len(self.page)]
        return []

    def close(self) -> list[SSEEvent]:
        """What the end of the body completes: JSON texts, or an event that lacks its empty line.

        Such an event is for the caller to judge: see :meth:`~.sse.SSEDecoder.close`.
        """
        if self.kind is BodyKind.JSON:
            return self._json.close()
        event = self._events.close()
        return [] if event is None else [event]

    def _sniff(self, data: bytes) -> bytes:
        """Decide what the body is; returns the bytes to read, empty while undecided."""
        head = self._head + data
        first = head.removeprefix(_BOM).lstrip()[:1]
        if not first or _BOM.startswith(head):
            self._head = head
            return b""
        if first in b"{[":
            self.kind = BodyKind.JSON
        elif first == b"<" and self._content_type != "text/event-stream":
            self.kind = BodyKind.PAGE
        else:
            self.kind = BodyKind.EVENTS
        self._head = b""
        return head
