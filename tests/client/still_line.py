"""A line without a network: every request gets the same answer, in these pieces."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from zaguan_tui.client.transport.wire_request import WireRequest


@dataclass
class StillAnswer:
    status: int
    headers: dict[str, str]
    pieces: Sequence[bytes]

    async def iter_bytes(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece

    async def read(self, limit: int) -> bytes:
        return b"".join(self.pieces)

    async def read_error(self) -> tuple[bytes, bool]:
        return b"".join(self.pieces), False

    async def aclose(self) -> None: ...


@dataclass
class StillLine:
    """``sent`` counts the requests."""

    pieces: Sequence[bytes]
    headers: Mapping[str, str]
    status: int = 200
    sent: list[WireRequest] = field(default_factory=list)

    async def get(self) -> StillLine:
        return self

    async def aclose(self) -> None: ...

    async def exchange(self, request: WireRequest) -> StillAnswer:
        self.sent.append(request)
        return StillAnswer(self.status, dict(self.headers), self.pieces)
