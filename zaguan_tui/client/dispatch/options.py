"""Client and request options: timeouts, retries, headers. Times are seconds; defaults: wire reference §12."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from zaguan_tui.client.catalogue.endpoint import CallClass
from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.transport.body_limit import BODY_LIMIT

USUAL_RETRIES = 2


class AuthScheme(enum.StrEnum):
    """Where the key goes: ``Authorization: Bearer`` (all Zaguan SDKs) or ``x-api-key`` (Anthropic docs)."""

    BEARER = "bearer"
    X_API_KEY = "x-api-key"


class ServerDialect(enum.StrEnum):
    """Which SDK's spelling the server expects where they disagree (wire reference §14: D9)."""

    AUTO = "auto"
    GO = "go"
    PY = "py"
    TS = "ts"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Limits in seconds; ``None`` waits for ever.

    ``connect`` and ``pool`` to get a connection, ``write`` for each piece of a request, ``read`` for each
    silence in the answer of a plain call, ``generation`` the same for a generation that is not streamed,
    ``stall`` for each silence in a stream.
    """

    connect: float | None = 5.0
    pool: float | None = 5.0
    write: float | None = 30.0
    read: float | None = 60.0
    generation: float | None = 600.0
    stall: float | None = 60.0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            limit = getattr(self, name)
            if limit is not None and not limit > 0:
                raise ArgumentError(f"timeout.{name}", f"is {limit}", "seconds > 0, or None")

    def override(self, limits: float | Timeouts | None) -> Timeouts:
        """These limits with a caller's own: a number is for every silence, and no longer to connect."""
        if limits is None or isinstance(limits, Timeouts):
            return limits or self
        connect = limits if self.connect is None else min(self.connect, limits)
        pool = limits if self.pool is None else min(self.pool, limits)
        return replace(self, connect=connect, pool=pool, read=limits, generation=limits, stall=limits)

    def silence(self, call_class: CallClass, *, streaming: bool) -> float | None:
        """The longest wait for the next byte of an answer, in seconds."""
        if streaming:
            return self.stall
        return self.generation if call_class is CallClass.GENERATION else self.read


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """What holds for every call of one client.

    ``headers`` are added to every call and replace ours of the same name. ``http2`` needs the extra
    ``http2``. ``ca_file`` is a PEM bundle to trust instead of the default one. ``include_usage`` asks for
    token counts at the end of streams. ``max_tokens_field`` is the name under which chat sends its output
    limit. ``dialect`` steers what is sent where the SDKs disagree, never what is read. ``trust_env`` lets
    HTTP(S)_PROXY and SSL_CERT_FILE count. ``body_limit`` is the largest answer in bytes, decompressed, that
    is read as a whole; streams and downloads have none.
    """

    timeout: Timeouts = field(default_factory=Timeouts)
    max_retries: int = USUAL_RETRIES
    headers: Mapping[str, str] = field(default_factory=dict)
    auth: AuthScheme = AuthScheme.BEARER
    dialect: ServerDialect = ServerDialect.AUTO
    organization: str | None = None
    project: str | None = None
    http2: bool = False
    ca_file: str | None = None
    trust_env: bool = True
    max_connections: int = 100
    include_usage: bool = True
    max_tokens_field: str = "max_tokens"
    user_agent: str | None = None
    body_limit: int = BODY_LIMIT

    def __post_init__(self) -> None:
        check_max_retries(self.max_retries)
        check_body_limit(self.body_limit)


@dataclass(frozen=True, slots=True)
class RequestOptions:
    """What holds for one call; ``None`` means "as the client does".

    ``timeout`` in seconds replaces the limit on silence (read, generation or stall, whichever applies), or
    all limits when it is a :class:`Timeouts`. ``headers`` replace ours of the same name. ``request_id``
    goes out as ``X-Request-Id``, unchanged on every retry. ``body_limit`` is the largest answer in bytes.
    """

    timeout: float | Timeouts | None = None
    headers: Mapping[str, str] | None = None
    request_id: str | None = None
    max_retries: int | None = None
    body_limit: int | None = None

    def __post_init__(self) -> None:
        if self.max_retries is not None:
            check_max_retries(self.max_retries)
        if self.body_limit is not None:
            check_body_limit(self.body_limit)
        if isinstance(self.timeout, (int, float)) and not self.timeout > 0:
            raise ArgumentError("timeout", f"is {self.timeout}", "seconds > 0")


def check_max_retries(count: int) -> None:
    """Refuse a negative number of retries with an :class:`ArgumentError`."""
    if count < 0:
        raise ArgumentError("max_retries", f"is {count}", "0 or more")


def check_body_limit(size: int) -> None:
    """Refuse a limit of less than a byte with an :class:`ArgumentError`."""
    if size < 1:
        raise ArgumentError("body_limit", f"is {size}", "bytes, 1 or more")
