"""Tool calls merged from their deltas.

No Zaguan SDK gets this right (wire reference §3.1, D41): the Go type has no index, the Python accumulator
appends every delta as a call of its own, the TypeScript helper keeps only deltas that carry an id.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from .json_text import parse_json
from .stream_events import ToolCallDelta
from .types.tool_call import ToolCall


class _OpenCall:
    """One call while its pieces arrive."""

    __slots__ = ("arguments", "id", "name", "position", "type")

    def __init__(self, position: int) -> None:
        self.position = position
        self.id: str | None = None
        self.name = ""
        self.type = "function"
        self.arguments: list[str] = []

    def text(self) -> str:
        joined = "".join(self.arguments)
        self.arguments = [joined]
        return joined

    def is_whole(self) -> bool:
        return isinstance(parse_json(self.text()), dict)


class ToolCallMerger:
    """Finds the call a delta belongs to: by ``index``, then by ``id``, then the last one opened.

    Two dialects are told apart beyond that (``common``): a delta that brings a new id *and* a name under a
    known index opens a new call (Gemini's compatible endpoint numbers all calls 0), while a new id without a
    name does not (old vLLM makes up an id per delta); and a whole call without index and id opens a new call
    (Ollama).
    """

    __slots__ = ("_by_index", "_calls")

    def __init__(self) -> None:
        self._calls: list[_OpenCall] = []
        self._by_index: dict[int, _OpenCall] = {}

    def __len__(self) -> int:
        return len(self._calls)

    def feed(self, value: object, choice: int) -> Iterator[ToolCallDelta]:
        """One delta per entry of ``tool_calls``. Raises :class:`ValueError` for what is no object."""
        entries = [value] if isinstance(value, dict) else value
        if not isinstance(entries, list):
            raise ValueError("tool_calls is no list")
        for entry in entries:
            if not isinstance(entry, dict):
                raise ValueError("a tool call is no object")
            yield self._merge(entry, choice)

    def calls(self) -> tuple[ToolCall, ...]:
        """The calls as far as they have come."""
        return tuple(ToolCall(call.id, call.name, call.text(), call.type) for call in self._calls)

    def _merge(self, entry: dict[str, object], choice: int) -> ToolCallDelta:
        function = entry.get("function") or entry.get("custom") or entry
        if not isinstance(function, dict):
            function = entry
        name = _word(function.get("name")) or ""
        given = function.get("arguments")
        arguments = _arguments(function.get("input") if given is None else given)
        call_id = _word(entry.get("id"))
        call = self._find(entry.get("index"), call_id, name)
        if call.id is None:
            call.id = call_id
        if name and name != call.name:
            # Servers that repeat the name in every delta mean one name; pieces of a name are appended.
            call.name += name
        kind = entry.get("type")
        if isinstance(kind, str) and kind:
            call.type = kind
        if arguments:
            call.arguments.append(arguments)
        return ToolCallDelta(call.position, call.id, call.name, arguments, choice)

    def _find(self, index: object, call_id: str | None, name: str) -> _OpenCall:
        if isinstance(index, int) and not isinstance(index, bool):
            call = self._by_index.get(index)
            replaced = call is not None and call.id and call_id and call_id != call.id and name
            if call is None or replaced:
                call = self._by_index[index] = self._open()
            return call
        if call_id is not None:
            for call in self._calls:
                if call.id == call_id:
                    return call
            return self._open()
        if not self._calls:
            return self._open()
        last = self._calls[-1]
        return self._open() if name and last.name and (name != last.name or last.is_whole()) else last

    def _open(self) -> _OpenCall:
        call = _OpenCall(len(self._calls))
        self._calls.append(call)
        return call


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _arguments(value: object) -> str:
    """Arguments as JSON text; some servers send the object itself."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (RecursionError, ValueError):
        return ""
