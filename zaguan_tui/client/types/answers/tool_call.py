"""A call of a tool that a model asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One finished or half-streamed tool call.

    ``arguments`` is the JSON text as the model wrote it, which may be cut or wrong; :meth:`parsed` reads it.
    ``id`` is ``None`` when the server gave none. ``type`` is ``function`` unless the server said otherwise.
    """

    id: str | None
    name: str
    arguments: str
    type: str = "function"

    def parsed(self) -> object:
        """The arguments as a JSON value; no text at all means no arguments, ``{}``.

        Raises :class:`ValueError` when the text is no JSON.
        """
        if not self.arguments.strip():
            return {}
        try:
            return json.loads(self.arguments)
        except RecursionError:
            raise ValueError("arguments nested too deeply") from None
