"""Error enums: kind, origin, and reason of a transport failure."""

from __future__ import annotations

import enum


class ErrorKind(enum.StrEnum):
    """What sort of failure it was, whatever words the server used for it."""

    AUTHENTICATION = "authentication"
    INSUFFICIENT_CREDITS = "insufficient_credits"
    BAND_ACCESS = "band_access"
    PERMISSION = "permission"
    NOT_FOUND = "not_found"
    INVALID_REQUEST = "invalid_request"
    CONFLICT = "conflict"
    RATE_LIMIT = "rate_limit"
    OVERLOADED = "overloaded"
    TIMEOUT = "timeout"
    SERVER = "server"
    UNSUPPORTED = "unsupported"
    TRANSPORT = "transport"


RETRYABLE_KINDS = frozenset(
    {
        ErrorKind.RATE_LIMIT,
        ErrorKind.OVERLOADED,
        ErrorKind.TIMEOUT,
        ErrorKind.SERVER,
        ErrorKind.TRANSPORT,
    }
)
"""Kinds that may pass when the same call is made again later (proposal, §11.2)."""


class ErrorOrigin(enum.StrEnum):
    """Source of an error: gateway, provider behind it, proxy before it, connection, or this client."""

    GATEWAY = "gateway"
    PROVIDER = "provider"
    PROXY = "proxy"
    TRANSPORT = "transport"
    CLIENT = "client"


class TransportReason(enum.StrEnum):
    """How the connection failed."""

    DNS = "dns"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    CONNECT_TIMEOUT = "connect timeout"
    PROXY = "proxy"
    TLS = "tls"
    RESET = "reset"
    CLOSED = "closed"
    TIMEOUT = "timeout"
    STALLED = "stalled"
    POOL = "pool"
    PROTOCOL = "protocol"
    REDIRECT = "redirect"
