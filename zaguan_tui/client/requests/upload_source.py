"""Files to upload: size, media type, and pieces read from disk."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from zaguan_tui.client.errors.exceptions import ArgumentError

PIECE = 128 * 1024
"""Bytes read and sent at a time; no more of a file is ever in memory."""

_TYPES = {
    ".jsonl": "application/jsonl",
    ".json": "application/json",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".mp3": "audio/mpeg",
    ".mpga": "audio/mpeg",
    ".mpeg": "audio/mpeg",
    ".mp4": "audio/mp4",
    ".m4a": "audio/mp4",
    ".wav": "audio/wav",
    ".webm": "audio/webm",
    ".ogg": "audio/ogg",
    ".flac": "audio/flac",
}
_Stamp: TypeAlias = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is in memory and not on disk. ``content_type`` is told from the name when not given."""

    filename: str
    content: bytes = field(repr=False)
    content_type: str | None = None


FileInput: TypeAlias = str | os.PathLike[str] | Upload
"""What a caller may hand in as a file: its path, or an :class:`Upload`."""


def file_name(source: FileInput) -> str:
    """The name under which ``source`` goes out, without any directory."""
    return source.filename if isinstance(source, Upload) else Path(source).name


@dataclass(frozen=True, slots=True)
class UploadSource:
    """A file whose size is known. ``name`` is the form field it goes into.

    The file is opened anew for each piece, so that an upload that is broken off leaves no open file behind,
    and looked at each time: one that changes while it is sent would arrive as a mixture.
    """

    name: str
    filename: str
    content_type: str
    size: int
    _content: bytes | Path = field(repr=False)
    _stamp: _Stamp | None = field(default=None, repr=False)

    @classmethod
    async def measure(cls, name: str, source: FileInput) -> UploadSource:
        """Look at ``source``, off the event loop; raises :class:`ArgumentError` for what cannot be sent."""
        if isinstance(source, Upload):
            if not source.content:
                raise ArgumentError(name, "is empty", "a file with at least one byte")
            kind = source.content_type or type_of(source.filename)
            return cls(name, source.filename, kind, len(source.content), source.content)
        if not isinstance(source, (str, os.PathLike)):
            raise ArgumentError(name, f"is a {type(source).__name__}", "a path, or an Upload")
        path = Path(source)
        size, stamp = await asyncio.to_thread(_stat_file, name, path)
        return cls(name, path.name, type_of(path.name), size, path, stamp)

    async def pieces(self) -> AsyncIterator[bytes]:
        """The content from its beginning. Raises :class:`ArgumentError` if the file changed meanwhile."""
        for offset in range(0, self.size, PIECE):
            if isinstance(self._content, bytes):
                yield self._content[offset : offset + PIECE]
            else:
                yield await asyncio.to_thread(self._read_at, self._content, offset)

    def _read_at(self, path: Path, offset: int) -> bytes:
        length = min(PIECE, self.size - offset)
        try:
            with path.open("rb") as file:
                if _stamp_of(os.fstat(file.fileno())) != self._stamp:
                    raise ArgumentError(self.name, "changed while it was sent", "a file that rests")
                file.seek(offset)
                piece = file.read(length)
        except OSError as error:
            raise _unreadable(self.name, error) from None
        if len(piece) != length:
            raise ArgumentError(self.name, "changed while it was sent", "a file that rests")
        return piece


def type_of(filename: str) -> str:
    """The media type that the name's ending stands for."""
    return _TYPES.get(Path(filename).suffix.lower(), "application/octet-stream")


def _stat_file(name: str, path: Path) -> tuple[int, _Stamp]:
    try:
        # Looked at before it is opened: opening a pipe waits for someone to write into it.
        if not stat.S_ISREG(path.stat().st_mode):
            raise ArgumentError(name, "is no regular file", "a file on disk")
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
    except ArgumentError:
        raise
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from None
    if not status.st_size:
        raise ArgumentError(name, "is empty", "a file with at least one byte")
    return status.st_size, _stamp_of(status)


def _stamp_of(status: os.stat_result) -> _Stamp:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _unreadable(name: str, error: Exception) -> ArgumentError:
    why = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return ArgumentError(name, f"cannot be read ({why})", "the path of a readable file")
