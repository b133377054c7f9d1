"""Reader of realtime errors: refused handshakes and error events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zaguan_tui.client.dispatch.attempt import Attempt
from zaguan_tui.client.dispatch.call import Call
from zaguan_tui.client.dispatch.dispatcher import Dispatcher
from zaguan_tui.client.dispatch.trace import ResponseMeta
from zaguan_tui.client.errors.exceptions import APIError
from zaguan_tui.client.errors.reader import ErrorContext, read_error, read_error_frame, server_request_id


@dataclass(frozen=True, slots=True)
class RealtimeErrorReader:
    """Reads them as those of every other call, keys redacted."""

    call: Call
    dispatcher: Dispatcher
    attempt: Attempt

    def meta(self, status: int, headers: Mapping[str, str]) -> ResponseMeta:
        """The meta data of a handshake; ``headers`` has lower-case names."""
        clean = {name: self.attempt.redactor.text(value) for name, value in headers.items()}
        server_id = server_request_id(clean)
        return ResponseMeta(
            status=status,
            headers=clean,
            request_id=server_id or self.attempt.request_id,
            request_id_is_ours=server_id is None,
            elapsed_s=self.attempt.elapsed_s,
            url=self.attempt.redactor.text(self.attempt.url.partition("?")[0]),
        )

    def refusal(self, status: int, headers: Mapping[str, str], body: bytes) -> APIError:
        """The typed error of a handshake that was answered with an HTTP status (§7, §11)."""
        context = ErrorContext(
            endpoint=self.call.endpoint,
            sent_id=self.attempt.request_id,
            redactor=self.attempt.redactor,
            meta=self.meta(status, headers),
            now=self.dispatcher.clock.now(),
        )
        return read_error(status, headers, body, context)

    def error(self, payload: Any, meta: ResponseMeta) -> APIError:
        """The typed error of an ``error`` object inside the session (§11.4)."""
        return read_error_frame({"error": payload}, self.dispatcher.context(self.call, meta))
