"""Read and write PNG files with zlib: eight bits a channel, not interlaced."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_PIXELS = 4_200_000
_CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}


class ImageFormatError(ValueError):
    """A picture that cannot be read; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class RgbImage:
    """Rows of RGB bytes, top first."""

    width: int
    height: int
    rows: tuple[bytes, ...]


def write_png(picture: RgbImage) -> bytes:
    """The picture as a PNG file."""
    raw = b"".join(b"\0" + row for row in picture.rows)
    header = struct.pack(">IIBBBBB", picture.width, picture.height, 8, 2, 0, 0, 0)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(raw, 6)) + _chunk(b"IEND", b"")


def read_png(data: bytes) -> RgbImage:
    """A PNG file as a picture; transparency is dropped. Raises `PictureError`."""
    if not data.startswith(SIGNATURE):
        raise ImageFormatError("The image must be a PNG file.")
    try:
        width, height, depth, kind, interlaced, body = _parts(data)
        if not 0 < width * height <= MAX_PIXELS:
            raise ImageFormatError(f"The image must have at most {MAX_PIXELS} pixels.")
        if depth != 8 or interlaced or kind not in _CHANNELS:
            raise ImageFormatError(
                "The image must be a PNG with 8 bits a channel, without palette or interlacing."
            )
        channels = _CHANNELS[kind]
        expected = height * (width * channels + 1)
        raw = zlib.decompressobj().decompress(body, expected)
        if len(raw) < expected:
            raise ImageFormatError("The image ends too early.")
    except (struct.error, zlib.error) as error:
        raise ImageFormatError("The image is not a PNG file that can be read.") from error
    return RgbImage(
        width, height, tuple(_as_rgb(row, channels) for row in _unfiltered(raw, width, height, channels))
    )


def _parts(data: bytes) -> tuple[int, int, int, int, int, bytes]:
    place, body, header = 8, b"", b""
    while place + 8 <= len(data):
        size, name = struct.unpack(">I4s", data[place : place + 8])
        content = data[place + 8 : place + 8 + size]
        if name == b"IHDR":
            header = content
        elif name == b"IDAT":
            body += content
        place += size + 12
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    return width, height, depth, kind, interlaced, body


def _unfiltered(raw: bytes, width: int, height: int, channels: int) -> list[bytes]:
    stride = width * channels
    above = bytearray(stride)
    rows = []
    for number in range(height):
        start = number * (stride + 1)
        row = bytearray(raw[start + 1 : start + 1 + stride])
        _undo(raw[start], row, above, channels)
        rows.append(bytes(row))
        above = row
    return rows


def _undo(kind: int, row: bytearray, above: bytearray, channels: int) -> None:
    """Undo one row's filter in place (PNG specification, section 9)."""
    if kind == 0:
        return
    for place in range(len(row)):
        left = row[place - channels] if place >= channels else 0
        up = above[place]
        corner = above[place - channels] if place >= channels else 0
        guess = (left, up, (left + up) // 2, _paeth(left, up, corner))[kind - 1 if kind < 5 else 0]
        row[place] = (row[place] + guess) & 255


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    distances = abs(guess - left), abs(guess - up), abs(guess - corner)
    if distances[0] <= distances[1] and distances[0] <= distances[2]:
        return left
    return up if distances[1] <= distances[2] else corner


def _as_rgb(row: bytes, channels: int) -> bytes:
    if channels == 3:
        return row
    if channels == 4:
        out = bytearray(len(row) // 4 * 3)
        out[0::3], out[1::3], out[2::3] = row[0::4], row[1::4], row[2::4]
        return bytes(out)
    grey = row[::channels]
    out = bytearray(len(grey) * 3)
    out[0::3] = out[1::3] = out[2::3] = grey
    return bytes(out)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
