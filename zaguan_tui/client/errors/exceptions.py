"""Exceptions of the client; the base of all is :class:`ZaguanError`.

Kinds and their retry rules are those of the wire reference §11.2; this file knows nothing of HTTP libraries.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from zaguan_tui.client.errors.kinds import RETRYABLE_KINDS as RETRYABLE_KINDS
from zaguan_tui.client.errors.kinds import ErrorKind as ErrorKind
from zaguan_tui.client.errors.kinds import ErrorOrigin as ErrorOrigin
from zaguan_tui.client.errors.kinds import TransportReason as TransportReason

if TYPE_CHECKING:
    from zaguan_tui.client.dispatch.trace import ResponseMeta


class ZaguanError(Exception):
    """Base of everything this client raises on purpose."""


class ArgumentError(ValueError, ZaguanError):
    """An argument was refused before anything was sent.

    ``field`` names it as the caller wrote it (``messages[2].role``), ``allowed`` says what would be taken.
    """

    def __init__(self, field: str, problem: str, allowed: str = "") -> None:
        self.field = field
        self.problem = problem
        self.allowed = allowed
        super().__init__(f"{field} {problem}" + (f"; allowed: {allowed}" if allowed else ""))


class ResponseFormatError(ZaguanError):
    """An answer had a good status and a body we cannot make sense of.

    ``path`` is the JSON path of the place (``$.data[3].id``), ``received`` describes what stood there,
    ``expected`` what should have. Readers raise it without an endpoint; the client adds it with :meth:`at`.
    """

    def __init__(
        self,
        path: str,
        received: str,
        *,
        expected: str = "",
        endpoint: str | None = None,
        meta: ResponseMeta | None = None,
    ) -> None:
        self.path = path
        self.received = received
        self.expected = expected
        self.endpoint = endpoint
        self.meta = meta
        super().__init__(path, received)

    @property
    def request_id(self) -> str | None:
        """The request id of the unreadable answer."""
        return self.meta.request_id if self.meta else None

    def at(self, endpoint: str, meta: ResponseMeta | None = None) -> ResponseFormatError:
        """The same error, telling which endpoint answered so."""
        return type(self)(
            self.path, self.received, expected=self.expected, endpoint=endpoint, meta=meta or self.meta
        )

    def __str__(self) -> str:
        where = f"{self.endpoint}: " if self.endpoint else ""
        expected = f", expected {self.expected}" if self.expected else ""
        return f"{where}unreadable answer at {self.path}: found {self.received}{expected}"


class APIError(ZaguanError):
    """A call failed: the server said so, or the connection broke (:class:`TransportError`).

    ``status`` is the HTTP status (``None`` if none came; 200 for an error inside a stream or a good status).
    ``retry_after`` is the server's wait in seconds. ``raw`` holds the body as bytes, capped and redacted.
    ``details`` holds every field of the error object that has no attribute of its own.
    ``endpoint`` is the catalogue's label (``GET /v1/models``), ``attempts`` how often the call was tried.
    ``endpoint_absent``: the server does not have this call at all; ``switched_off``: it has, but not for us.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: ErrorKind,
        status: int | None = None,
        type: str | None = None,  # noqa: A002 - the wire's own name for the field
        code: str | None = None,
        param: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        provider: str | None = None,
        details: Mapping[str, object] | None = None,
        raw: bytes = b"",
        origin: ErrorOrigin = ErrorOrigin.GATEWAY,
        endpoint: str | None = None,
        attempts: int = 1,
        endpoint_absent: bool = False,
        switched_off: bool = False,
        should_retry: bool | None = None,
        meta: ResponseMeta | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind
        self.status = status
        self.type = type
        self.code = code
        self.param = param
        self.request_id = request_id
        self.retry_after = retry_after
        self.provider = provider
        self.details: dict[str, object] = dict(details or {})
        self.raw = raw
        self.origin = origin
        self.endpoint = endpoint
        self.attempts = attempts
        self.endpoint_absent = endpoint_absent
        self.switched_off = switched_off
        self.should_retry = should_retry
        self.meta = meta

    @property
    def retryable(self) -> bool:
        """Whether the same call may work later; ``x-should-retry`` overrides the kind."""
        if self.kind is ErrorKind.INSUFFICIENT_CREDITS:
            return False
        if self.should_retry is not None:
            return self.should_retry
        return self.kind in RETRYABLE_KINDS

    def __str__(self) -> str:
        words = [str(self.kind).replace("_", " ") if self.status is None else f"{self.status}", self.message]
        where = [part for part in (self.endpoint, self.request_id and f"request {self.request_id}") if part]
        return ": ".join(words) + (f" ({', '.join(where)})" if where else "")

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(status={self.status}, kind={str(self.kind)!r}, message={self.message!r})"
        )

    def _text(self, name: str) -> str | None:
        value = self.details.get(name)
        return None if value is None or isinstance(value, (dict, list)) else str(value)

    def _number(self, name: str) -> float | None:
        value = self.details.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            return None
        try:
            number = float(value.replace(",", "") if isinstance(value, str) else value)
        except (ValueError, OverflowError):
            return None
        return number if abs(number) < float("inf") else None


class AuthenticationError(APIError):
    """The key is missing, unknown or revoked (401)."""


class InsufficientCreditsError(APIError):
    """The account cannot pay for this call (402; ``insufficient_quota`` as 429); never retried."""

    @property
    def credits_required(self) -> float | None:
        """Credits the call would have cost."""
        return self._number("credits_required")

    @property
    def credits_remaining(self) -> float | None:
        """Credits left on the account."""
        return self._number("credits_remaining")

    @property
    def reset_date(self) -> datetime | None:
        """When the account is filled again, aware; ``None`` when not told or not readable."""
        text = self._text("reset_date")
        try:
            moment = datetime.fromisoformat(text) if text else None
        except ValueError:
            return None
        return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)


class BandAccessError(APIError):
    """The account's tier may not use this model's band (403)."""

    @property
    def band(self) -> str | None:
        """The band the model belongs to."""
        return self._text("band")

    @property
    def required_tier(self) -> str | None:
        """The lowest tier that may use it."""
        return self._text("required_tier")

    @property
    def current_tier(self) -> str | None:
        """The tier of the account."""
        return self._text("current_tier")


class PermissionDeniedError(APIError):
    """The key is known, but not allowed to do this (403)."""


class NotFoundError(APIError):
    """The endpoint exists, the thing asked for does not (404, 410)."""


class InvalidRequestError(APIError):
    """The server found fault with the request (400, 413, 415, 422); ``param`` may name the field."""


class ConflictError(APIError):
    """The thing was changed by someone else meanwhile (409)."""


class RateLimitError(APIError):
    """Too many calls (429); ``retry_after`` says when to come back."""


class OverloadedError(APIError):
    """Gateway or provider are out of capacity for the moment (503, 529)."""


class ServerTimeoutError(APIError):
    """The server, or a provider behind it, did not answer in time (408, 504)."""


class ServerError(APIError):
    """Something broke on the other side (a status from 500 on, or a good status with an error body)."""


class UnsupportedError(APIError):
    """This server does not offer the call at all (404 for a route, 405, 501)."""


class TransportError(APIError):
    """The connection failed before a whole answer came.

    ``reason`` says how. ``sent`` is false when the request certainly never reached the server, ``begun`` true
    when status and headers of the answer had come.
    """

    def __init__(
        self,
        message: str,
        *,
        reason: TransportReason,
        sent: bool = True,
        begun: bool = False,
        request_id: str | None = None,
        endpoint: str | None = None,
        attempts: int = 1,
        meta: ResponseMeta | None = None,
    ) -> None:
        super().__init__(
            message,
            kind=ErrorKind.TRANSPORT,
            request_id=request_id,
            origin=ErrorOrigin.TRANSPORT,
            endpoint=endpoint,
            attempts=attempts,
            should_retry=False if reason in _LASTING else None,
            meta=meta,
        )
        self.reason = reason
        self.sent = sent
        self.begun = begun


_LASTING = frozenset({TransportReason.TLS, TransportReason.REDIRECT})
"""Line failures that another try cannot cure."""

ERROR_CLASSES: Mapping[ErrorKind, type[APIError]] = {
    ErrorKind.AUTHENTICATION: AuthenticationError,
    ErrorKind.INSUFFICIENT_CREDITS: InsufficientCreditsError,
    ErrorKind.BAND_ACCESS: BandAccessError,
    ErrorKind.PERMISSION: PermissionDeniedError,
    ErrorKind.NOT_FOUND: NotFoundError,
    ErrorKind.INVALID_REQUEST: InvalidRequestError,
    ErrorKind.CONFLICT: ConflictError,
    ErrorKind.RATE_LIMIT: RateLimitError,
    ErrorKind.OVERLOADED: OverloadedError,
    ErrorKind.TIMEOUT: ServerTimeoutError,
    ErrorKind.SERVER: ServerError,
    ErrorKind.UNSUPPORTED: UnsupportedError,
}
"""The class for each kind a server can speak of."""
