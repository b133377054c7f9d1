"""``TapeRecorder``: a transport that records another one, without the keys."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from zaguan_tui.client.dispatch.credentials import SECRET_HEADERS, Redactor, Secret
from zaguan_tui.client.errors.exceptions import TransportError
from zaguan_tui.client.tape.format import WHOLE, TapeWriter, encode_bytes
from zaguan_tui.client.transport.body_limit import read_within
from zaguan_tui.client.transport.chunk_redaction import ChunkRedactor
from zaguan_tui.client.transport.protocols import RequestTransport, TransportHolder, TransportResponse
from zaguan_tui.client.transport.wire_request import WireRequest


@dataclass(frozen=True, slots=True)
class TapeRecorder:
    """A transport that records another. ``secrets`` and secret headers are kept off the tape.

    ``now`` gives seconds. Closing it closes both the other holder and the tape.
    """

    holder: TransportHolder
    writer: TapeWriter
    secrets: tuple[Secret | None, ...]
    now: Callable[[], float]
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def get(self) -> RequestTransport:
        """The other holder's transport, recorded."""
        return _RecordingTransport(await self.holder.get(), self)

    async def aclose(self) -> None:
        """Close every connection, and the tape."""
        await self.holder.aclose()
        self.writer.close()

    def redactor_for(self, request: WireRequest) -> Redactor:
        """A redactor of the client's keys and of the secrets in this request's headers."""
        given = [
            Secret(value.removeprefix("Bearer ").strip())
            for name, value in request.headers.items()
            if name.lower() in SECRET_HEADERS
        ]
        return Redactor([*self.secrets, *given])


class _RecordingTransport:
    def __init__(self, transport: RequestTransport, recorder: TapeRecorder) -> None:
        self._transport = transport
        self._recorder = recorder

    async def exchange(self, request: WireRequest) -> TransportResponse:
        recorder = self._recorder
        redactor = recorder.redactor_for(request)
        log = _ExchangeLog(next(recorder.numbers), recorder, redactor)
        parts = urlsplit(request.url)
        body = request.body
        log.write(
            ask={
                "method": request.method,
                "target": redactor.text(parts.path + (f"?{parts.query}" if parts.query else "")),
                "headers": redactor.headers(request.headers),
                "body": encode_bytes(redactor.data(body)) if isinstance(body, bytes) else None,
                "streamed": callable(body),
            }
        )
        try:
            answer = await self._transport.exchange(request)
        except TransportError as error:
            log.write(
                failed={
                    "reason": str(error.reason),
                    "message": redactor.text(error.message),
                    "sent": error.sent,
                }
            )
            raise
        except BaseException:
            log.write(failed={"reason": "cancelled", "message": "", "sent": True})
            raise
        log.write(answer={"status": answer.status, "headers": redactor.headers(answer.headers)})
        return _RecordingResponse(answer, log, ChunkRedactor(redactor))


class _ExchangeLog:
    """Writes the records of one exchange."""

    def __init__(self, number: int, recorder: TapeRecorder, redactor: Redactor) -> None:
        self._number = number
        self._recorder = recorder
        self.redactor = redactor

    def now(self) -> float:
        return round(self._recorder.now(), 6)

    def write(self, at: float | None = None, **record: Any) -> None:
        self._recorder.writer.write({"n": self._number, "at": self.now() if at is None else at, **record})


class _RecordingResponse:
    """A :class:`~..transport.protocols.TransportResponse` whose bytes go to the tape on their way."""

    def __init__(self, answer: TransportResponse, log: _ExchangeLog, mask: ChunkRedactor) -> None:
        self._answer = answer
        self._log = log
        self._mask = mask
        self._open = True
        self.status = answer.status
        self.headers = answer.headers

    async def iter_bytes(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._answer.iter_bytes():
                self._write(self._mask.feed(self._log.now(), piece))
                yield piece
        except TransportError as error:
            self._finish(str(error.reason), self._log.redactor.text(error.message))
            raise
        self._finish(WHOLE)

    async def read(self, limit: int) -> bytes:
        return await read_within(self.iter_bytes(), limit)

    async def read_error(self) -> tuple[bytes, bool]:
        body, damaged = await self._answer.read_error()
        self._write(self._mask.feed(self._log.now(), body))
        self._finish("damaged" if damaged else WHOLE)
        return body, damaged

    async def aclose(self) -> None:
        self._finish("closed")
        await self._answer.aclose()

    def _write(self, pieces: list[tuple[float, bytes]]) -> None:
        for at, piece in pieces:
            self._log.write(at, piece=encode_bytes(piece))

    def _finish(self, reason: str, message: str = "") -> None:
        """Write what was held back and how the body ended; only the first word counts."""
        if self._open:
            self._open = False
            self._write(self._mask.flush())
            self._log.write(end=reason, message=message)
