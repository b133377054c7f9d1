"""``multipart/form-data`` bodies (RFC 7578), streamed and never held whole."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from zaguan_tui.client.requests.upload_source import FileInput, UploadSource

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many bytes of the files went out, of how many. Starts again when a call is repeated.

Called on the event loop: must return at once."""

FieldValue: TypeAlias = str | int | float | bool | Sequence[str] | None


@dataclass(frozen=True, slots=True)
class FormDraft:
    """What a form is to hold. A list repeats its field, ``None`` is left out, booleans are lower case.

    ``files`` are form fields and the files that go into them, in order; a field may occur twice.
    """

    fields: Mapping[str, FieldValue]
    files: Sequence[tuple[str, FileInput]]
    progress: Progress | None = None

    async def measured(self) -> MultipartForm:
        """The form, its files looked at; raises :class:`ArgumentError` for a file that cannot be sent."""
        sources = [await UploadSource.measure(name, source) for name, source in self.files]
        return MultipartForm(_pairs(self.fields), sources, progress=self.progress)


class MultipartForm:
    """A body factory: each call opens the body anew, so a retry never goes on in the middle of one."""

    def __init__(
        self,
        fields: Sequence[tuple[str, str]],
        files: Sequence[UploadSource],
        *,
        progress: Progress | None = None,
    ) -> None:
        # 128 random bits: nothing a file holds by chance.
        self._boundary = secrets.token_hex(16)
        self._fields = b"".join(self._field(name, value) for name, value in fields)
        self._files = [(self._file_head(file), file) for file in files]
        self._progress = progress

    @property
    def content_type(self) -> str:
        """The header that names the boundary."""
        return f"multipart/form-data; boundary={self._boundary}"

    @property
    def length(self) -> int:
        """Bytes of the whole body."""
        files = sum(len(head) + file.size + 2 for head, file in self._files)
        return len(self._fields) + files + len(self._end)

    def __call__(self) -> AsyncIterator[bytes]:
        """The body, from its beginning."""
        return self._pieces()

    async def _pieces(self) -> AsyncIterator[bytes]:
        total = sum(file.size for _, file in self._files)
        sent = 0
        waiting = self._fields
        for head, file in self._files:
            yield waiting + head
            async for piece in file.pieces():
                yield piece
                sent += len(piece)
                if self._progress is not None:
                    self._progress(sent, total)
            waiting = b"\r\n"
        yield waiting + self._end if self._files else self._fields + self._end

    @property
    def _end(self) -> bytes:
        return f"--{self._boundary}--\r\n".encode()

    def _field(self, name: str, value: str) -> bytes:
        head = f'--{self._boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n'
        return f"{head}{value}\r\n".encode(errors="replace")

    def _file_head(self, file: UploadSource) -> bytes:
        head = (
            f'--{self._boundary}\r\nContent-Disposition: form-data; name="{_quoted(file.name)}"; '
            f'filename="{_quoted(file.filename)}"\r\nContent-Type: {_plain(file.content_type)}\r\n\r\n'
        )
        return head.encode(errors="replace")


def _pairs(fields: Mapping[str, FieldValue]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in fields.items():
        if value is None:
            continue
        values = [value] if isinstance(value, (str, int, float)) else value
        pairs += [(name, str(item).lower() if isinstance(item, bool) else str(item)) for item in values]
    return pairs


def _quoted(text: str) -> str:
    """As browsers write names in form headers (WHATWG HTML, multipart/form-data encoding)."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _plain(text: str) -> str:
    return "".join(letter for letter in text if letter.isascii() and letter.isprintable())
