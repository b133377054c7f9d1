"""Trace events of one attempt at a call, redacted and handed to the observers."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from zaguan_tui.client.dispatch.clock import Clock
from zaguan_tui.client.dispatch.credentials import Redactor
from zaguan_tui.client.dispatch.trace import (
    AttemptFailed,
    AttemptFinished,
    AttemptStarted,
    Observer,
    StreamClosed,
    TraceEvent,
)
from zaguan_tui.client.errors.reader import server_request_id

_LOG = logging.getLogger("zaguan_tui.client")


class _AttemptFields(TypedDict):
    endpoint: str
    method: str
    path: str
    url: str
    request_id: str
    attempt: int
    at: float


@dataclass(slots=True)
class Attempt:
    """Attempt ``number`` (from 1) of one logical call. Every method tells the observers one event.

    Nothing is redacted, and no event built, when nobody watches.
    """

    endpoint: str
    method: str
    path: str
    url: str
    request_id: str
    number: int
    observers: Sequence[Observer]
    redactor: Redactor
    clock: Clock
    _since: float = field(init=False)

    def __post_init__(self) -> None:
        self._since = self.clock.monotonic()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the attempt began."""
        return self.clock.monotonic() - self._since

    def started(self, headers: Mapping[str, str], body: object) -> None:
        """The request is about to go out."""
        if self.observers:
            shown = self.redactor.data(body) if isinstance(body, bytes) else None
            self._tell(AttemptStarted(**self._common(), headers=self.redactor.headers(headers), body=shown))

    def finished(
        self,
        status: int,
        headers: Mapping[str, str],
        body: bytes | None,
        *,
        retry_in: float | None = None,
    ) -> None:
        """The server answered; ``body`` is ``None`` when it is yet to be streamed."""
        if self.observers:
            shown = self.redactor.headers(headers)
            event = AttemptFinished(
                **self._common(),
                status=status,
                elapsed_s=self.elapsed_s,
                retry_in=retry_in,
                streaming=body is None,
                server_request_id=server_request_id(shown),
                headers=shown,
                body=None if body is None else self.redactor.data(body),
            )
            self._tell(event)

    def failed(self, reason: str, message: str, *, retry_in: float | None = None) -> None:
        """No whole answer came."""
        if self.observers:
            self._tell(
                AttemptFailed(
                    **self._common(),
                    reason=reason,
                    message=self.redactor.text(message),
                    elapsed_s=self.elapsed_s,
                    retry_in=retry_in,
                )
            )

    def stream_closed(self, reason: str, received: int) -> None:
        """The streamed answer is over after ``received`` bytes."""
        if self.observers:
            at = self.clock.wall()
            event = StreamClosed(
                self.endpoint, self.request_id, self.number, at, reason, self.elapsed_s, received
            )
            self._tell(event)

    def _common(self) -> _AttemptFields:
        return {
            "endpoint": self.endpoint,
            "method": self.method,
            "path": self.redactor.text(self.path),
            "url": self.redactor.text(self.url),
            "request_id": self.request_id,
            "attempt": self.number,
            "at": self.clock.wall(),
        }

    def _tell(self, event: TraceEvent) -> None:
        for observer in self.observers:
            try:
                observer.observe(event)
            except Exception:  # noqa: BLE001 - boundary: an onlooker's fault must not fail the call
                _LOG.exception("an observer of client calls failed")
