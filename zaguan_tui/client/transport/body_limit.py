"""The largest answer that is read into memory, and the error for one that is larger.

Streams and files written to disk have no limit; everything that is parsed as a whole has one.
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

from zaguan_tui.client.errors.exceptions import ResponseFormatError

BODY_LIMIT = 64_000_000
"""Bytes of one answer, decompressed, unless the client or the call says otherwise."""

ERROR_BODY_LIMIT = 1024 * 1024
"""Bytes that are read of the body of an error; no explanation is longer."""

BYTES_PER_VALUE = 24
"""A body at its limit has at least so many bytes for each JSON value in it.

Text and records have more. ``[{},{},…`` has three, and takes twenty times its size once parsed.
"""


class AnswerTooLargeError(ResponseFormatError):
    """An answer holds more than its limit; what had come of it was dropped."""

    def __str__(self) -> str:
        return f"{self.endpoint}: {self.received}" if self.endpoint else self.received


async def read_within(pieces: AsyncIterator[bytes], limit: int) -> bytes:
    """The whole body; raises :class:`AnswerTooLargeError` once it has more than ``limit`` bytes."""
    body = io.BytesIO()
    async for piece in pieces:
        if body.tell() + len(piece) > limit:
            raise AnswerTooLargeError("$", f"answer larger than {_size(limit)}")
        body.write(piece)
    return body.getvalue()


def most_values(limit: int) -> int:
    """How many JSON values a body of at most ``limit`` bytes may have."""
    return limit // BYTES_PER_VALUE


def count_values(body: bytes) -> int:
    """At most how many values the JSON text ``body`` has: commas and brackets in its texts count too."""
    return body.count(b",") + body.count(b"[") + body.count(b"{")


def _size(limit: int) -> str:
    return f"{limit / 1_000_000:g} MB" if limit >= 1_000_000 else f"{limit:,} bytes"
