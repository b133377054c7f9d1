"""``Call``: endpoint, path, query, body and options of one request; JSON and query encoding."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from zaguan_tui.client.catalogue.endpoint import Endpoint
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.errors.exceptions import ArgumentError

QueryValue = str | int | float | bool | None | Sequence[str]
BodyFactory = Callable[[], AsyncIterator[bytes]]
"""Opens the body anew for every attempt, so that a retry never sends half a body."""

JSON_TYPE = "application/json"
EVENT_STREAM_TYPE = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Call:
    """What is to be sent. ``path`` begins with a slash and is percent-encoded, ``query`` is encoded too."""

    endpoint: Endpoint
    path: str
    query: str = ""
    body: bytes | BodyFactory | None = field(default=None, repr=False)
    content_type: str = JSON_TYPE
    accept: str = JSON_TYPE
    options: RequestOptions = field(default_factory=RequestOptions)


def json_body(value: Any) -> bytes:
    """``value`` as compact JSON. Non-ASCII is escaped, so a lone surrogate in a prompt cannot break the call.

    Raises :class:`ArgumentError` for what JSON cannot hold: NaN, infinity, foreign objects, circles.
    """
    try:
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode("ascii")
    except (TypeError, ValueError, RecursionError) as error:
        raise ArgumentError("body", f"cannot be written as JSON ({error})", "JSON values") from None


def query_string(params: Mapping[str, QueryValue] | None) -> str:
    """``params`` percent-encoded; ``None`` is left out, booleans are lower case, lists repeat the name."""
    pairs: list[tuple[str, str]] = []
    for name, value in (params or {}).items():
        if value is None:
            continue
        values = [value] if isinstance(value, (str, int, float)) else value
        pairs += [(name, str(item).lower() if isinstance(item, bool) else str(item)) for item in values]
    return urlencode(pairs, quote_via=quote)
