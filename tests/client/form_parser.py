"""Forms as a server reads them, by a parser that is not ours."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from python_multipart import parse_form
from python_multipart.multipart import Field, File
from scripted import Seen


@dataclass
class SentFile:
    name: str
    filename: str
    content_type: str
    content: bytes


@dataclass
class SentForm:
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[SentFile] = field(default_factory=list)


def read_form(seen: Seen) -> SentForm:
    """The form in a request; the length header must tell the truth."""
    assert int(seen.headers["content-length"]) == len(seen.body)
    assert "transfer-encoding" not in seen.headers
    form = SentForm()

    def on_field(part: Field) -> None:
        form.fields.append(((part.field_name or b"").decode(), (part.value or b"").decode()))

    def on_file(part: File) -> None:
        part.file_object.seek(0)
        name, filename = (part.field_name or b"").decode(), (part.file_name or b"").decode()
        form.files.append(SentFile(name, filename, part.content_type or "", part.file_object.read()))

    headers = {
        "Content-Type": seen.headers["content-type"].encode(),
        "Content-Length": seen.headers["content-length"].encode(),
    }
    parse_form(headers, io.BytesIO(seen.body), on_field, on_file)
    return form
