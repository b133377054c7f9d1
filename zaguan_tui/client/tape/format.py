"""Tape file format: one JSON object per line, so that a cut file is a shorter session.

``{"tape": 1, "base_url"}`` first. Then, ``n`` being the number of the exchange and ``at`` seconds since the
beginning: ``ask`` (method, target, headers, body), ``answer`` (status, headers), ``piece`` (body bytes) as
often as the network gave some, ``end`` (reason), or ``failed`` (reason, message, sent). Bytes are
``{"text"}`` where they are UTF-8, else ``{"base64"}``.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.streaming.json_text import UNREADABLE, parse_json

VERSION = 1
WHOLE = "end"
"""The reason of a body that came to its end."""


@dataclass(slots=True)
class TapeExchange:
    """One exchange on a tape. ``reason`` is how the body ended; ``failure``: there was no answer."""

    method: str
    target: str
    body: bytes | None = field(default=None, repr=False)
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    answered_at: float = 0.0
    pieces: list[tuple[float, bytes]] = field(default_factory=list, repr=False)
    reason: str | None = None
    message: str = ""
    failure: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Tape:
    """A session read back. ``cut`` counts lines that could not be read, mostly the last of a killed one."""

    base_url: str
    takes: tuple[TapeExchange, ...] = ()
    cut: int = 0


class TapeWriter:
    """Appends records to a new file that only its owner can read, each on disk before the next is made."""

    def __init__(self, path: Path, base_url: str) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(handle, "w", encoding="ascii", buffering=1)
        self.write({"tape": VERSION, "base_url": base_url})

    def write(self, record: Mapping[str, Any]) -> None:
        """Write one record; nothing happens once the tape was closed."""
        if not self._file.closed:
            self._file.write(json.dumps(record, separators=(",", ":")) + "\n")

    def close(self) -> None:
        """Close the file; harmless when already closed."""
        self._file.close()


def encode_bytes(data: bytes | None) -> dict[str, str] | None:
    """Bytes as they stand on a tape."""
    if data is None:
        return None
    try:
        return {"text": data.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode("ascii")}


def decode_bytes(value: Any) -> bytes | None:
    """The bytes of :func:`encode_bytes`."""
    if not isinstance(value, Mapping):
        return None
    if isinstance(text := value.get("text"), str):
        return text.encode("utf-8", "surrogatepass")
    return base64.b64decode(str(value.get("base64", "")))


def read_tape(path: str | Path) -> Tape:
    """Read a whole tape. A line that cannot be read is counted and left out.

    Raises :class:`~.errors.ArgumentError` for a file that is no tape, ``OSError`` for none at all.
    """
    with Path(path).open(encoding="utf-8", errors="replace") as lines:
        return _read(lines, str(path))


def _read(lines: Iterable[str], name: str) -> Tape:
    takes: dict[int, TapeExchange] = {}
    base_url: str | None = None
    cut = 0
    for line in lines:
        record = parse_json(line)
        if record is UNREADABLE or not isinstance(record, dict):
            cut += 1
        elif base_url is None:
            if record.get("tape") != VERSION or not isinstance(record.get("base_url"), str):
                break
            base_url = record["base_url"]
        elif not _add_record(record, takes):
            cut += 1
    if base_url is None:
        raise ArgumentError("path", f"is no tape: {name}", f"a recording of version {VERSION}")
    return Tape(base_url, tuple(takes.values()), cut)


def _add_record(record: dict[str, Any], takes: dict[int, TapeExchange]) -> bool:
    """Put one record where it belongs; false if it belongs nowhere."""
    number, at = record.get("n"), record.get("at")
    if not isinstance(number, int) or not isinstance(at, (int, float)):
        return False
    ask = record.get("ask")
    if isinstance(ask, Mapping):
        takes[number] = TapeExchange(
            str(ask.get("method")), str(ask.get("target")), decode_bytes(ask.get("body"))
        )
        return True
    take = takes.get(number)
    if take is None:
        return False
    answer, failed = record.get("answer"), record.get("failed")
    if isinstance(answer, Mapping):
        take.status = int(answer.get("status", 0))
        take.headers = {str(name): str(value) for name, value in dict(answer.get("headers") or {}).items()}
        take.answered_at = at
    elif (piece := decode_bytes(record.get("piece"))) is not None:
        take.pieces.append((at, piece))
    elif isinstance(failed, Mapping):
        take.failure = failed
    else:
        take.reason, take.message = str(record.get("end")), str(record.get("message", ""))
    return True
