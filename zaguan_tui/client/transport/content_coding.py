"""Decompression of answer bodies in small pieces, so that a gzip bomb never unfolds in memory.

httpx hands each network read to zlib without a bound: 64 KiB of a bomb become 64 MiB at once. Here no piece
is larger than :data:`PIECE_BYTES`, whatever the body holds. Only what the client accepts is decompressed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

ACCEPT_ENCODING = "gzip, deflate"
PIECE_BYTES = 64 * 1024
MOST_CODINGS = 3
"""Codings one body may be wrapped in; each layer multiplies what a few bytes can become."""

_GZIP_MAGIC = b"\x1f\x8b"
_ZLIB_WBITS = {
    "gzip": zlib.MAX_WBITS | 16,
    "x-gzip": zlib.MAX_WBITS | 16,
    "deflate": zlib.MAX_WBITS,
}


class ContentCodingError(Exception):
    """The body is damaged, or wrapped in more codings than any server has a reason for."""


class ContentDecoder:
    """Decompresses one body; ``header`` is the value of ``Content-Encoding``.

    A coding that the client did not ask for is left as it came.
    """

    def __init__(self, header: str) -> None:
        names = [name.strip().lower() for name in header.split(",")]
        codings = [name for name in names if name in _ZLIB_WBITS]
        if len(codings) > MOST_CODINGS:
            raise ContentCodingError(f"more than {MOST_CODINGS} codings")
        self._layers = [_Layer(_ZLIB_WBITS[name]) for name in reversed(codings)]

    def feed(self, data: bytes) -> Iterable[bytes]:
        """The decompressed pieces of ``data``; each is made when it is asked for.

        Raises :class:`ContentCodingError` while they are read.
        """
        pieces: Iterable[bytes] = (data,)
        for layer in self._layers:
            pieces = layer.feed_all(pieces)
        return pieces


class _Layer:
    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._stream = zlib.decompressobj(wbits)
        self._started = False

    def feed_all(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            yield from self._feed(piece)

    def _feed(self, data: bytes) -> Iterator[bytes]:
        piece = b""
        # A full piece may leave some of its input's output inside zlib, to be fetched without further input.
        while data or len(piece) == PIECE_BYTES:
            if self._stream.eof:
                if not data.startswith(_GZIP_MAGIC) or self._wbits != _ZLIB_WBITS["gzip"]:
                    return  # padding after the end
                self._stream = zlib.decompressobj(self._wbits)
            piece = self._decompress(data)
            data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            if piece:
                yield piece

    def _decompress(self, data: bytes) -> bytes:
        first, self._started = not self._started, True
        try:
            return self._stream.decompress(data, PIECE_BYTES)
        except zlib.error as error:
            if not first or self._wbits != zlib.MAX_WBITS:
                raise ContentCodingError(str(error)) from None
        # Some servers send "deflate" without the zlib header that the standard wants.
        self._wbits = -zlib.MAX_WBITS
        self._stream = zlib.decompressobj(self._wbits)
        return self._decompress(data)
