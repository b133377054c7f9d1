"""JSON in place of an event stream: one text per line, or one text over many lines."""

from __future__ import annotations

from zaguan_tui.client.streaming.json_text import UNREADABLE, parse_json
from zaguan_tui.client.streaming.sse import ByteLines, EventTooLargeError, SSEEvent


class JSONLines:
    """Bytes in, one frame per JSON text out (``proposal``).

    The first line decides: when it is no JSON text of its own, the body counts as a single text and is given
    out at its end. ``replaced`` counts texts that held invalid UTF-8.
    """

    __slots__ = ("_limit", "_lines", "_parts", "_per_line", "_size", "replaced")

    def __init__(self, limit: int) -> None:
        self._lines = ByteLines()
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._per_line: bool | None = None
        self.replaced = 0

    def feed(self, data: bytes) -> list[SSEEvent]:
        """The texts that ``data`` completes. Raises :class:`~.sse.EventTooLargeError`."""
        data = self._lines.normalise(data)
        self._parts.append(data)
        self._size += len(data)
        if self._per_line is False or b"\n" not in data:
            if self._size > self._limit:
                raise EventTooLargeError(self._limit)
            return []
        lines = b"".join(self._parts).split(b"\n")
        if self._per_line is None:
            first = next((line for line in lines[:-1] if line.strip()), None)
            if first is not None:
                self._per_line = _stands_alone(first)
        if not self._per_line:
            self._parts = [b"\n".join(lines)]
            return []
        self._parts = [lines[-1]]
        self._size = len(lines[-1])
        return self._frames(lines[:-1])

    @property
    def pending(self) -> int:
        """Bytes that wait for the end of their text."""
        return self._size

    def close(self) -> list[SSEEvent]:
        """What the end of the body completes: the last line, or the whole text."""
        rest = b"".join(self._parts) + self._lines.rest()
        self._parts = []
        self._size = 0
        if self._per_line or parse_json(rest.decode(errors="replace")) is UNREADABLE:
            return self._frames(rest.split(b"\n"))
        return self._frames([rest])

    def _frames(self, texts: list[bytes]) -> list[SSEEvent]:
        return [SSEEvent(text) for raw in texts if (text := self._decode(raw))]

    def _decode(self, raw: bytes) -> str:
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            self.replaced += 1
            text = raw.decode(errors="replace")
        # A line of an event stream among JSON lines still means its data.
        return text.strip().removeprefix("data:").lstrip()


def _stands_alone(line: bytes) -> bool:
    text = line.decode(errors="replace").strip()
    return text == "[DONE]" or parse_json(text) is not UNREADABLE
