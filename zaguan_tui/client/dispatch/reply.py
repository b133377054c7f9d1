"""``RawReply``: status, headers and body of a whole answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zaguan_tui.client.dispatch.trace import ResponseMeta
from zaguan_tui.client.errors.exceptions import ResponseFormatError
from zaguan_tui.client.transport.body_limit import BODY_LIMIT, AnswerTooLargeError, count_values, most_values

SLICED_FROM = 64 * 1024
"""Bytes; larger bodies are parsed so that the interpreter can change threads in between."""


@dataclass(frozen=True, slots=True)
class RawReply:
    """Status, headers (lower-case names) and body of one answer, and what it took to get it."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    meta: ResponseMeta
    endpoint: str
    body_limit: int = BODY_LIMIT

    @property
    def content_type(self) -> str:
        """Media type without parameters, lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as text; bytes that are no UTF-8 become replacement characters."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as a JSON value; raises :class:`ResponseFormatError` if it is none.

        Raises :class:`AnswerTooLargeError` for more values than its limit allows. For a thread when the body
        is large: other threads have their turns meanwhile.
        """
        most = most_values(self.body_limit)
        if len(self.body) > most and count_values(self.body) > most:
            raise AnswerTooLargeError(
                "$", f"answer larger than {most:,} values", endpoint=self.endpoint, meta=self.meta
            )
        try:
            return json.loads(self.body) if len(self.body) < SLICED_FROM else _parse_in_slices(self.body)
        except (ValueError, RecursionError):
            received = (
                f"{len(self.body)} bytes of {self.content_type or 'unnamed type'}" if self.body else "nothing"
            )
        raise ResponseFormatError("$", received, expected="JSON", endpoint=self.endpoint, meta=self.meta)


def _parse_in_slices(body: bytes) -> Any:
    """The JSON value of ``body``, parsed with a call of a Python function for each object and number.

    The C scanner keeps the interpreter's lock from the first byte to the last, 40 ms a megabyte of records,
    in a thread as well. Only Python code gives it up: that is all these functions are for.
    """
    return json.loads(
        body,
        object_hook=lambda value: value,
        parse_float=lambda digits: float(digits),
        parse_int=lambda digits: int(digits),
    )
