"""Conversations out of what other programs wrote, or this one: what can be read is taken in, the rest is
listed in sentences.

Understood are an array of OpenAI messages, the body of a chat or messages request (``{"messages": […]}`` with
model and parameters), a batch's request line (``{"body": {…}}``), the export's own JSON, and files of JSON
lines with any of these.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from zaguan_tui.state.chat.message import new_id
from zaguan_tui.state.conversations.conversation import UNTITLED, Conversation, make_title
from zaguan_tui.state.conversations.export import FORMAT
from zaguan_tui.state.conversations.importing.checks import (
    ImportFormatError,
    check_list,
    check_object,
    check_text,
)
from zaguan_tui.state.conversations.importing.messages import MessageReader
from zaguan_tui.state.conversations.importing.own_format import read_own_conversation
from zaguan_tui.state.conversations.importing.params import detect_dialect, read_params

MAX_CONVERSATIONS: Final = 200
MAX_CHARACTERS: Final = 50_000_000


@dataclass(frozen=True, slots=True)
class ImportedConversation:
    """A conversation with ids of its own, and sentences about what could not be taken over as it was."""

    conversation: Conversation
    notes: tuple[str, ...] = ()


def read_messages(text: str, now: datetime) -> tuple[ImportedConversation, ...]:
    """The conversations in ``text``; what cannot be read of it is in the notes of the first.

    Raises ``UnreadableError`` with a sentence that says where and why when nothing can be read.
    """
    if len(text) > MAX_CHARACTERS:
        raise ImportFormatError("That is more than 50 million characters, too much for conversations.")
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise ImportFormatError("There is nothing in it.")
    values, failures = _values(text)
    if len(values) + len(failures) > 1 and all(_is_message(value) for value, _ in values):
        return (_with_failures(failures, _from_messages(values, now)),)
    if len(values) > MAX_CONVERSATIONS:
        raise ImportFormatError(
            f"It holds {len(values):,} conversations; at most {MAX_CONVERSATIONS} are taken in at once."
        )
    imported: list[ImportedConversation] = []
    for value, path in values:
        try:
            imported.append(_read(value, path, now))
        except ImportFormatError as error:
            failures.append(str(error) if not path or path in str(error) else f"At {path}: {error}")
    if not imported:
        raise ImportFormatError(failures[0])
    return (_with_failures(failures, imported[0]), *imported[1:])


def _with_failures(failures: Sequence[str], imported: ImportedConversation) -> ImportedConversation:
    """The same with sentences about what was left out of the file."""
    left_out = tuple(f"Left out: {failure}" for failure in failures)
    return replace(imported, notes=(*left_out, *imported.notes))


def _values(text: str) -> tuple[list[tuple[Any, str]], list[str]]:
    """The one value in a text, or one a line, each with what to call its place, and what is wrong with other
    lines. A text is taken for lines if at least half of them are values."""
    try:
        return [(_parsed(text), "")], []
    except ValueError as error:
        whole = error
    values: list[tuple[Any, str]] = []
    failures: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            if line.strip():
                values.append((_parsed(line), f"line {number}"))
        except ValueError as error:
            failures.append(_describe_json_error(error, number))
    objects = sum(isinstance(value, (dict, list)) for value, _ in values)
    if objects * 2 < len(values) + len(failures) or len(values) + len(failures) < 2:
        raise ImportFormatError(_describe_json_error(whole)) from whole
    return values, failures


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _describe_json_error(error: ValueError, line: int | None = None) -> str:
    """``This is no JSON: expecting ',' delimiter at line 3, column 5.``"""
    if not isinstance(error, json.JSONDecodeError):
        place = f" at line {line}" if line else ""
        return f"This cannot be read{place}: {error}."
    message = error.msg[:1].lower() + error.msg[1:]
    return f"This is no JSON: {message} at line {line or error.lineno}, column {error.colno}."


def _is_message(value: object) -> bool:
    return isinstance(value, Mapping) and "role" in value and "messages" not in value


def _read(value: Any, path: str, now: datetime) -> ImportedConversation:
    if isinstance(value, list):
        return _from_messages([(one, f"{path}[{place}]") for place, one in enumerate(value)], now)
    whole = check_object(value, path)
    if isinstance(whole.get("body"), Mapping):
        return _read(whole["body"], f"{path}.body", now)
    if whole.get("format") == FORMAT:
        return ImportedConversation(read_own_conversation(whole, path, now))
    if _is_message(whole):
        return _from_messages([(whole, path)], now)
    if "messages" not in whole:
        names = ", ".join(list(map(str, whole))[:5]) or "nothing"
        raise ImportFormatError(
            f"{_name_path(path)} has no “messages”. What it has: {names}. "
            "A list of messages, a request body or an exported conversation can be read."
        )
    return _from_body(whole, path, now)


def _from_messages(messages: Sequence[tuple[Any, str]], now: datetime) -> ImportedConversation:
    reader = MessageReader(now, None)
    reader.read(messages)
    return _make_imported(reader, now, {})


def _from_body(body: Mapping[str, Any], path: str, now: datetime) -> ImportedConversation:
    before = f"{path}." if path else ""
    model = body.get("model")
    dialect = detect_dialect(body)
    reader = MessageReader(now, check_text(model, f"{before}model") if model is not None else None, dialect)
    if (system := body.get("system")) is not None:
        reader.system(system, f"{before}system")
    messages = check_list(body["messages"], f"{before}messages")
    reader.read([(message, f"{before}messages[{place}]") for place, message in enumerate(messages)])
    params, notes = read_params(body, dialect)
    reader.notes += notes
    return _make_imported(reader, now, params)


def _make_imported(
    reader: MessageReader, now: datetime, params: Mapping[str, object]
) -> ImportedConversation:
    turns = reader.turns
    if not turns and not reader.system_prompt:
        raise ImportFormatError("There are no messages in it.")
    title = next((make_title(turn.prompt.text) for turn in turns if turn.prompt.text), UNTITLED)
    conversation = Conversation(
        new_id("conv"),
        title,
        reader.model,
        now,
        now,
        reader.system_prompt,
        turns,
        dialect=reader.dialect,
        params=params,
    )
    return ImportedConversation(conversation, tuple(dict.fromkeys(reader.notes)))


def _name_path(path: str) -> str:
    return f"The value at {path}" if path else "This"
