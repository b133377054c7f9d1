"""``WireRequest``: URL, headers, body and limits of one HTTP exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zaguan_tui.client.dispatch.call import BodyFactory
from zaguan_tui.client.dispatch.options import Timeouts


@dataclass(frozen=True, slots=True)
class WireRequest:
    """Absolute URL, headers (lower-case names) and body of one exchange.

    ``silence`` is the longest wait in seconds for the next byte of the answer, which replaces the read
    limits in ``timeouts``; ``streaming`` makes such a silence a stall.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | BodyFactory | None = field(repr=False)
    timeouts: Timeouts
    silence: float | None
    streaming: bool = False
