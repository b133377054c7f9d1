"""``OpenStream``: an open streamed response, as the stream readers get it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING

from zaguan_tui.client.dispatch.attempt import Attempt
from zaguan_tui.client.dispatch.trace import ResponseMeta
from zaguan_tui.client.errors.exceptions import TransportError

if TYPE_CHECKING:
    from zaguan_tui.client.transport.protocols import TransportResponse


class OpenStream:
    """Status and headers were good; the body comes as it comes. Leaving it early drops the connection."""

    def __init__(self, answer: TransportResponse, meta: ResponseMeta, attempt: Attempt) -> None:
        self._answer = answer
        self._meta = meta
        self._attempt = attempt
        self._received = 0
        self._reason = "closed"
        self._open = True

    @property
    def status(self) -> int:
        """HTTP status, 200 to 299."""
        return self._answer.status

    @property
    def headers(self) -> Mapping[str, str]:
        """Response headers, names in lower case."""
        return self._answer.headers

    @property
    def content_type(self) -> str:
        """Media type without parameters, lower case; empty if the server named none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def meta(self) -> ResponseMeta:
        """Status, request id, attempts and allowances of this answer."""
        return self._meta

    async def iter_bytes(self) -> AsyncIterator[bytes]:
        """The decompressed body as it arrives; raises :class:`TransportError` when the connection fails."""
        try:
            async for piece in self._answer.iter_bytes():
                self._received += len(piece)
                yield piece
        except TransportError as error:
            self._reason = str(error.reason)
            error.begun = True
            error.endpoint = self._attempt.endpoint
            error.request_id = self._meta.request_id
            error.attempts = self._attempt.number
            error.meta = self._meta
            raise
        self._reason = "end"

    async def aclose(self) -> None:
        """Drop the connection; harmless when already closed."""
        if self._open:
            self._open = False
            self._attempt.stream_closed(self._reason, self._received)
        await self._answer.aclose()
