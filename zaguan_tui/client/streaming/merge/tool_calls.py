"""Tool calls merged from their deltas, whichever of the dialects in use a server speaks.

No Zaguan SDK gets this right (wire reference §3.1, D41): the Go type has no index, the Python accumulator
appends every delta as a call of its own, the TypeScript helper keeps only deltas that carry an id.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zaguan_tui.client.streaming.events import ToolCallDelta
from zaguan_tui.client.streaming.json_text import arguments_text, parse_json
from zaguan_tui.client.types.answers.tool_call import ToolCall

_NO_ARGUMENTS = "{}"
_MAY_BEGIN = frozenset(("", "{", " ", "\t", "\n", "\r"))
"""How a piece begins that may begin an object."""


class _OpenCall:
    """One call while its pieces arrive.

    ``empty_object`` says that ``{}`` came before any piece: the arguments of a call without any, or a
    placeholder for pieces that follow (common), which must not be glued to it.
    """

    __slots__ = ("_pieces", "empty_object", "id", "length", "name", "position", "type")

    def __init__(self, position: int) -> None:
        self.position = position
        self.id: str | None = None
        self.name = ""
        self.type = "function"
        self._pieces: list[str] = []
        self.length = 0
        self.empty_object = False

    @property
    def has_text(self) -> bool:
        return self.length > 0 or self.empty_object

    def append(self, piece: str) -> str:
        """Add a piece; returns what of it belongs to the arguments for sure."""
        if not self.has_text and piece.strip() == _NO_ARGUMENTS:
            self.empty_object = True
            return ""
        if self.empty_object and not self.length and not piece.strip():
            piece = _NO_ARGUMENTS + piece
        if piece:
            self._pieces.append(piece)
            self.length += len(piece)
        return piece

    def text(self) -> str:
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        if self._pieces:
            return self._pieces[0]
        return _NO_ARGUMENTS if self.empty_object else ""

    def is_whole(self) -> bool:
        ends = not self._pieces or self._pieces[-1].rstrip()[-1:] in ("}", "")
        return ends and isinstance(parse_json(self.text()), dict)

    def call(self) -> ToolCall:
        text = self.text()
        return ToolCall(
            self.id, self.name, text if self.type == "custom" else arguments_text(text), self.type
        )


class ToolCallMerger:
    """Finds the call a delta belongs to: by ``index``, then by ``id``, then the last one opened.

    A delta there begins a call of its own where it cannot go on with the one before (``common``, Gemini's
    compatible endpoint numbers all calls 0 under empty ids, Ollama sends neither index nor id):

    * it names a function once more, and the arguments before it are whole;
    * it names another function after arguments had begun, or beside a new id, a type or arguments of its own;
    * it begins an object after an object was whole. The same object again, without a name, is a repetition.

    A new id alone begins nothing (old vLLM makes up an id per delta).
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
        return tuple(call.call() for call in self._calls)

    def _merge(self, entry: dict[str, Any], choice: int) -> ToolCallDelta:
        function = entry.get("function") or entry.get("custom") or entry
        if not isinstance(function, dict):
            function = entry
        name = _word(function.get("name")) or ""
        given = function.get("arguments")
        arguments = arguments_text(function.get("input") if given is None else given, quoted=False)
        call_id = _word(entry.get("id"))
        call = self._goes_on(entry, arguments) if not name and call_id is None else None
        if call is None:
            call = self._find(entry, call_id, name, arguments)
            if _repeats(call, call_id, name, arguments):
                arguments = ""
        if call.id is None:
            call.id = call_id
        if name and name != call.name:
            # A name that came in pieces (nothing else may have come before): joined, unless it is said anew.
            call.name = name if name.startswith(call.name) else call.name + name
        kind = _word(entry.get("type"))
        if kind:
            call.type = kind
        return ToolCallDelta(call.position, call.id, call.name, call.append(arguments), choice)

    def _goes_on(self, entry: dict[str, Any], arguments: str) -> _OpenCall | None:
        """The call that a bare piece in the middle of arguments goes on with: the usual case, and a quick
        one."""
        index = entry.get("index")
        call = self._by_index.get(index) if type(index) is int else None
        if call is None or not call.length or len(arguments) == call.length:
            return None
        return None if arguments[:1] in _MAY_BEGIN else call

    def _find(self, entry: dict[str, Any], call_id: str | None, name: str, arguments: str) -> _OpenCall:
        """The call that an entry goes on with, or a new one."""
        index = _whole_number(entry.get("index"))
        before = self._by_index.get(index) if index is not None else self._last_of(call_id, name)
        if before is not None and call_id and call_id != before.id and not name:
            # Numbered alike and told apart by their ids alone.
            before = next((call for call in self._calls if call.id == call_id), before)
        if before is None or _begins_anew(before, entry, call_id, name, arguments):
            opened = _OpenCall(len(self._calls))
            if before is not None and not name:
                opened.name, opened.type = before.name, before.type
            self._calls.append(opened)
            before = opened
        if index is not None:
            self._by_index[index] = before
        return before

    def _last_of(self, call_id: str | None, name: str) -> _OpenCall | None:
        """For an entry without an index: the newest call of its id, else the newest call."""
        if call_id is None:
            return self._calls[-1] if self._calls else None
        same = next((call for call in reversed(self._calls) if call.id == call_id), None)
        if same is None and not name and self._calls and not self._calls[-1].is_whole():
            return self._calls[-1]
        return same


def _begins_anew(
    call: _OpenCall, entry: dict[str, Any], call_id: str | None, name: str, arguments: str
) -> bool:
    """Whether an entry that would go on with ``call`` begins another."""
    if name and call_id and call.id and call_id != call.id:
        return True
    if _repeats(call, call_id, name, arguments):
        return False
    if name and call.name and name != call.name:
        numbered = _whole_number(entry.get("index")) is not None
        return not numbered or call.has_text or bool(call_id or entry.get("type"))
    if call.type == "custom":
        return bool(name) and call.has_text
    if not name and not call.length:
        return False  # nothing yet, or an empty object that gives way to what comes
    begins = bool(arguments.strip()) if name else arguments.lstrip().startswith("{")
    return begins and call.has_text and call.is_whole()


def _repeats(call: _OpenCall, call_id: str | None, name: str, arguments: str) -> bool:
    """Whether a whole call is sent again, as some servers do at the end: by its id, or without a name."""
    if not arguments.strip() or (name and (name != call.name or not call_id or call_id != call.id)):
        return False
    return len(arguments) == call.length and arguments == call.text() and call.is_whole()


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _whole_number(value: object) -> int | None:
    """An index; some servers write it as text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
