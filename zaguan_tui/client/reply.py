"""A whole answer as it came, before anyone makes sense of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import ResponseFormatError
from .trace import ResponseMeta


@dataclass(frozen=True, slots=True)
class RawReply:
    """Status, headers (lower-case names) and body of one answer, and what it took to get it."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    meta: ResponseMeta
    endpoint: str

    @property
    def content_type(self) -> str:
        """Media type without parameters, lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as text; bytes that are no UTF-8 become replacement characters."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as a JSON value; raises :class:`ResponseFormatError` if it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            found = (
                f"{len(self.body)} bytes of {self.content_type or 'unnamed type'}" if self.body else "nothing"
            )
        raise ResponseFormatError("$", found, expected="JSON", endpoint=self.endpoint, meta=self.meta)
