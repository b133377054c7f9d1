"""Server-sent events, decoded from bytes.

Rules of the WHATWG event-stream text as both vendor SDKs implement them; deviations are marked ``proposal``.
Lines end at LF, CR and CRLF only: JSON may hold U+2028, U+2029 and U+0085 raw, at which ``str.splitlines``
would cut.
"""

from __future__ import annotations

from dataclasses import dataclass

from zaguan_tui.client.errors.exceptions import ZaguanError

EVENT_LIMIT = 16 * 1024 * 1024
"""Bytes one event may have (``proposal``: images in base64 fit, an endless line does not fill the memory)."""

_BOM = b"\xef\xbb\xbf"
_LF = 10


class EventTooLargeError(ZaguanError):
    """One event, or one line, grew past ``limit`` bytes. What was decoded before it stays valid."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        mebibytes, rest = divmod(limit, 1024 * 1024)
        size = f"{limit:,} bytes" if rest else f"{mebibytes} MiB"
        super().__init__(f"one event of the stream is larger than {size}")


@dataclass(slots=True)
class SSEEvent:
    """One dispatched event. ``event`` is empty unless the server named it; ``id`` is the last id seen, if
    any.
    """

    data: str
    event: str = ""
    id: str | None = None


class ByteLines:
    """Turns any split of any line ends into LF-only bytes and drops the byte order mark.

    Holds one thing over reads: whether the last byte was a CR, whose LF may still come.
    """

    __slots__ = ("_after_cr", "_start", "_started")

    def __init__(self) -> None:
        self._after_cr = False
        self._started = False
        self._start = b""

    def normalise(self, data: bytes) -> bytes:
        """``data`` with LF as its only line end; may be empty when everything must wait for the next read."""
        if not self._started:
            data = self._without_bom(data)
        if self._after_cr and data:
            self._after_cr = False
            if data[0] == _LF:
                data = data[1:]
        if b"\r" in data:
            self._after_cr = data.endswith(b"\r")
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return data

    def rest(self) -> bytes:
        """Bytes held back at the very start that turned out to be no byte order mark after all."""
        held, self._start = self._start, b""
        return held

    def _without_bom(self, data: bytes) -> bytes:
        data = self._start + data
        self._start = b""
        if len(data) < len(_BOM) and _BOM.startswith(data):
            self._start = data
            return b""
        self._started = True
        return data.removeprefix(_BOM)


class SSEDecoder:
    """Bytes in, events out; keeps its state over reads, so that no split of the bytes changes the events.

    ``replaced`` counts events that held invalid UTF-8 (replacement characters stand in their place,
    ``proposal``). ``unknown`` is the first line that is no field of an event stream, for telling a foreign
    body from a quiet one. ``fields`` says whether any field or comment was seen at all.
    """

    __slots__ = ("_last_id", "_limit", "_lines", "_parts", "_size", "fields", "replaced", "unknown")

    def __init__(self, limit: int = EVENT_LIMIT) -> None:
        self._lines = ByteLines()
        self._parts: list[bytes] = []
        self._size = 0
        self._limit = limit
        self._last_id: str | None = None
        self.replaced = 0
        self.unknown: str | None = None
        self.fields = False

    def feed(self, data: bytes) -> list[SSEEvent]:
        """The events that ``data`` completes. Raises :class:`EventTooLargeError` once a limit is passed."""
        data = self._lines.normalise(data)
        if not data:
            return []
        parts = self._parts
        if parts:
            if b"\n\n" not in data and not (data[0] == _LF and parts[-1].endswith(b"\n")):
                return self._keep(data)
            parts.append(data)
            data = b"".join(parts)
            parts.clear()
            self._size = 0
        complete, end, pending = data.rpartition(b"\n\n")
        del data  # a large event is held once, not once for each step of reading it
        events = self._read(complete) if end else []
        if pending:
            self._parts.append(pending)
            self._size = len(pending)
            if self._size > self._limit and not events:
                raise EventTooLargeError(self._limit)
        return events

    @property
    def pending(self) -> int:
        """Bytes that wait for the end of their event."""
        return self._size

    def close(self) -> SSEEvent | None:
        """The event still waiting for its empty line, at the end of the body.

        The WHATWG text drops it; whether it is whole enough to be used is for the reader of its data to say.
        """
        pending = b"".join(self._parts) + self._lines.rest()
        self._parts.clear()
        events = self._read(pending) if pending.strip(b"\n") else []
        return events[-1] if events else None

    def _keep(self, data: bytes) -> list[SSEEvent]:
        self._parts.append(data)
        self._size += len(data)
        if self._size > self._limit:
            raise EventTooLargeError(self._limit)
        return []

    def _read(self, complete: bytes) -> list[SSEEvent]:
        """The events in a run of whole blocks, decoded in one go."""
        if len(complete) > self._limit and any(len(b) > self._limit for b in complete.split(b"\n\n")):
            raise EventTooLargeError(self._limit)
        try:
            blocks = complete.decode().split("\n\n")
        except UnicodeDecodeError:
            blocks = [self._decode(block) for block in complete.split(b"\n\n")]
        events: list[SSEEvent] = []
        for block in blocks:
            if block.startswith("data:") and "\n" not in block:
                self.fields = True
                events.append(SSEEvent(block[6:] if block[5:6] == " " else block[5:], "", self._last_id))
            elif block and (event := self._event(block)) is not None:
                events.append(event)
        return events

    def _decode(self, block: bytes) -> str:
        try:
            return block.decode()
        except UnicodeDecodeError:
            self.replaced += 1
            return block.decode(errors="replace")

    def _event(self, block: str) -> SSEEvent | None:
        """The event of a block of several lines, or ``None`` when it has no data (only a sign of life)."""
        name = ""
        data: list[str] = []
        for line in block.split("\n"):
            field, colon, value = line.partition(":")
            if colon and value.startswith(" "):
                value = value[1:]
            if field == "data":
                data.append(value)
            elif field == "event":
                name = value
            elif field == "id":
                self._last_id = value if "\0" not in value else self._last_id
            elif field and field != "retry":
                if self.unknown is None:
                    self.unknown = line
                continue
            self.fields = self.fields or bool(line)
        return SSEEvent("\n".join(data), name, self._last_id) if data else None
