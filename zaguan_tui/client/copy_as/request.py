"""A request as it can be shown to others: no key, and only the headers that matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from zaguan_tui.client.copy_as.literals import KEY_MARK
from zaguan_tui.client.dispatch.base_url import path_after_version
from zaguan_tui.client.dispatch.call import EVENT_STREAM_TYPE
from zaguan_tui.client.dispatch.credentials import MASK, SECRET_HEADERS, Redactor, Secret
from zaguan_tui.client.streaming.json_text import UNREADABLE, parse_json

KEY_VARIABLE = "ZAGUAN_API_KEY"
ADMIN_VARIABLE = "ZAGUAN_ADMIN_KEY"

_OURS = frozenset({"x-request-id", "user-agent", "content-length", "host", "accept-encoding", "connection"})
"""Headers that another client sets by itself, or that belong to one call only."""


class RequestRecord(Protocol):
    """What is needed of a request: :class:`~.trace.AttemptStarted` has it."""

    @property
    def method(self) -> str:
        """The HTTP method."""
        ...

    @property
    def url(self) -> str:
        """The absolute address."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, names in any case."""
        ...

    @property
    def body(self) -> bytes | None:
        """The body; ``None`` without one or when it was streamed from disk."""
        ...


@dataclass(frozen=True, slots=True)
class RedactedRequest:
    """Method, address, headers and body, the key marked wherever it stood.

    ``json`` is the body as a JSON value, ``text`` as text; both are ``None`` for a body that is bytes or was
    streamed (``unseen``). ``variable`` names the environment variable that holds the key.
    """

    method: str
    url: str
    headers: dict[str, str]
    variable: str
    json: Any = None
    text: str | None = None
    unseen: bool = False
    streaming: bool = False

    @property
    def path(self) -> str:
        """The path from ``/v1`` on, where there is one; behind another version, with ``/v1`` in its place."""
        path = urlsplit(self.url).path
        place = path.find("/v1/")
        return path[place:] if place >= 0 else path_after_version(path) or path

    @property
    def base(self) -> str:
        """The address with its version, as OpenAI's package takes it."""
        before = self.url.partition("?")[0]
        if self.path.startswith("/v1/"):
            return before.removesuffix(self.path.removeprefix("/v1"))
        return f"{before.removesuffix(self.path)}/v1"

    @property
    def query(self) -> dict[str, str]:
        """The query, decoded; of a repeated name the last value."""
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))


def redact_request(
    request: RequestRecord, *, secrets: Iterable[Secret | str] = (), variable: str | None = None
) -> RedactedRequest:
    """``request`` without its keys. Values in ``secrets`` are searched for in every spelling.

    Secret headers are marked whatever they hold, cookies left out. In the body only a value of ``secrets``
    is: a ``[redacted]`` that stood there before may be anyone's word, and stays.
    """
    redactor = Redactor([secret if isinstance(secret, Secret) else Secret(secret) for secret in secrets])
    text = _decoded(request.body, redactor)
    value = UNREADABLE if text is None else parse_json(text)
    path = urlsplit(request.url).path
    kind = "".join(v for name, v in request.headers.items() if name.lower() == "content-type")
    accept = "".join(v for name, v in request.headers.items() if name.lower() == "accept")
    streams = isinstance(value, dict) and value.get("stream") is True
    return RedactedRequest(
        method=request.method.upper() if request.method.isalpha() else "GET",
        url=redactor.text(request.url).replace(MASK, KEY_MARK),
        headers=_headers(request.headers, redactor),
        variable=variable or (ADMIN_VARIABLE if "/v1/admin/" in path else KEY_VARIABLE),
        json=None if value is UNREADABLE else value,
        text=text if value is UNREADABLE else None,
        unseen=text is None and (request.body is not None or bool(kind)),
        streaming=streams or accept == EVENT_STREAM_TYPE,
    )


def _headers(headers: Mapping[str, str], redactor: Redactor) -> dict[str, str]:
    shown: dict[str, str] = {}
    for name, value in redactor.headers(headers).items():
        if name == "authorization":
            shown["Authorization"] = f"Bearer {KEY_MARK}"
        elif name in ("x-api-key", "api-key"):
            shown[name] = KEY_MARK
        elif (
            name not in _OURS
            and name not in SECRET_HEADERS
            and (name, value) != ("accept", "application/json")
        ):
            shown[name] = value.replace(MASK, KEY_MARK)
    return shown


def _decoded(body: bytes | None, redactor: Redactor) -> str | None:
    """The body as text, keys marked; ``None`` for bytes."""
    if body is None or b"\0" in body:
        return None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return MASK.join(redactor.text(part).replace(MASK, KEY_MARK) for part in text.split(MASK))
