"""``TapePlayer``: a transport that answers from a tape: no socket, no HTTP library."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from zaguan_tui.client.dispatch.clock import Clock
from zaguan_tui.client.errors.exceptions import TransportError, TransportReason
from zaguan_tui.client.tape.format import WHOLE, Tape, TapeExchange
from zaguan_tui.client.transport.body_limit import read_within
from zaguan_tui.client.transport.protocols import RequestTransport, TransportResponse
from zaguan_tui.client.transport.wire_request import WireRequest


@dataclass(slots=True)
class TapePlayer:
    """A transport holder and its transport in one.

    A request gets the first answer not yet given to the same method, target and body, else to the same method
    and target; a read that comes more often than on the tape gets the last answer again. ``pace`` 1 replays
    at the original speed, 0 at once. What is not on the tape is a :class:`TransportError`.
    """

    tape: Tape
    clock: Clock = field(default_factory=Clock)
    pace: float = 0.0
    _played: set[int] = field(default_factory=set)
    _closed: bool = False

    async def get(self) -> RequestTransport:
        """This player; raises :class:`TransportError` once it was closed."""
        if self._closed:
            raise TransportError("The client is closed", reason=TransportReason.CLOSED, sent=False)
        return self

    async def aclose(self) -> None:
        """Nothing can be asked afterwards."""
        self._closed = True

    async def exchange(self, request: WireRequest) -> TransportResponse:
        """The recorded answer to ``request``; raises :class:`TransportError` if the tape has none."""
        parts = urlsplit(request.url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        take = self._find(request, target)
        if take is None:
            error = TransportError(
                f"The tape has no answer to {request.method} {target}",
                reason=TransportReason.CLOSED,
                sent=False,
            )
            error.should_retry = False
            raise error
        if take.failure is not None:
            raise TransportError(
                str(take.failure.get("message", "")),
                reason=_reason(str(take.failure.get("reason"))),
                sent=bool(take.failure.get("sent", True)),
            )
        return _TapeResponse(take, self)

    def _find(self, request: WireRequest, target: str) -> TapeExchange | None:
        body = request.body if isinstance(request.body, bytes) else None
        same = [
            (number, take)
            for number, take in enumerate(self.tape.takes)
            if take.method == request.method and take.target == target
        ]
        fresh = [(number, take) for number, take in same if number not in self._played]
        chosen = next((entry for entry in fresh if entry[1].body == body), None)
        chosen = chosen or (fresh[0] if fresh else None)
        if chosen is None:
            return same[-1][1] if same and request.method == "GET" else None
        self._played.add(chosen[0])
        return chosen[1]


class _TapeResponse:
    """A :class:`~..transport.protocols.TransportResponse` with the recorded pieces."""

    def __init__(self, take: TapeExchange, player: TapePlayer) -> None:
        self._take = take
        self._player = player
        self.status = take.status
        self.headers = dict(take.headers)

    async def iter_bytes(self) -> AsyncIterator[bytes]:
        take, before = self._take, self._take.answered_at
        for at, piece in take.pieces:
            await self._player.clock.sleep(max(0.0, at - before) * self._player.pace)
            before = at
            if piece:
                yield piece
        if take.reason not in (WHOLE, "damaged"):
            raise TransportError(
                take.message or "The recording ends here", reason=_reason(take.reason or "closed"), begun=True
            )

    async def read(self, limit: int) -> bytes:
        return await read_within(self.iter_bytes(), limit)

    async def read_error(self) -> tuple[bytes, bool]:
        return b"".join(piece for _, piece in self._take.pieces), self._take.reason != WHOLE

    async def aclose(self) -> None:
        """There is nothing to close."""


def _reason(word: str) -> TransportReason:
    try:
        return TransportReason(word)
    except ValueError:
        return TransportReason.CLOSED
