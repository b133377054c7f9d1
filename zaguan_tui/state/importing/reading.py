"""Conversations out of what other programs wrote, or this one: what can be read is taken in, the rest is
listed in sentences.

Understood are an array of OpenAI messages, the body of a chat or messages request (``{"messages": […]}`` with
model and parameters), a batch's request line (``{"body": {…}}``), what :mod:`zaguan_tui.state.exchange`
writes, and files of JSON lines with any of these.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from zaguan_tui.state.conversation import UNTITLED, Conversation, title_from
from zaguan_tui.state.exchange import FORMAT
from zaguan_tui.state.ids import new_id

from .messages import Reader
from .own import own_conversation
from .params import body_dialect, body_params
from .places import UnreadableError, a_list, a_text, an_object

MOST_CONVERSATIONS: Final = 200
MOST_CHARACTERS: Final = 50_000_000


@dataclass(frozen=True, slots=True)
class Imported:
    """A conversation with ids of its own, and sentences about what could not be taken over as it was."""

    conversation: Conversation
    notes: tuple[str, ...] = ()


def read_messages(text: str, now: datetime) -> tuple[Imported, ...]:
    """The conversations in ``text``; what cannot be read of it is in the notes of the first.

    Raises ``UnreadableError`` with a sentence that says where and why when nothing can be read.
    """
    if len(text) > MOST_CHARACTERS:
        raise UnreadableError("That is more than 50 million characters, too much for conversations.")
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise UnreadableError("There is nothing in it.")
    values, failures = _values(text)
    if len(values) + len(failures) > 1 and all(_is_message(value) for value, _ in values):
        return (_noting(failures, _from_messages(values, now)),)
    if len(values) > MOST_CONVERSATIONS:
        raise UnreadableError(
            f"It holds {len(values):,} conversations; at most {MOST_CONVERSATIONS} are taken in at once."
        )
    imported: list[Imported] = []
    for value, path in values:
        try:
            imported.append(_read(value, path, now))
        except UnreadableError as error:
            failures.append(str(error) if not path or path in str(error) else f"At {path}: {error}")
    if not imported:
        raise UnreadableError(failures[0])
    return (_noting(failures, imported[0]), *imported[1:])


def _noting(failures: Sequence[str], imported: Imported) -> Imported:
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
            failures.append(_where(error, number))
    objects = sum(isinstance(value, (dict, list)) for value, _ in values)
    if objects * 2 < len(values) + len(failures) or len(values) + len(failures) < 2:
        raise UnreadableError(_where(whole)) from whole
    return values, failures


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _where(error: ValueError, line: int | None = None) -> str:
    """``This is no JSON: expecting ',' delimiter at line 3, column 5.``"""
    if not isinstance(error, json.JSONDecodeError):
        place = f" at line {line}" if line else ""
        return f"This cannot be read{place}: {error}."
    message = error.msg[:1].lower() + error.msg[1:]
    return f"This is no JSON: {message} at line {line or error.lineno}, column {error.colno}."


def _is_message(value: object) -> bool:
    return isinstance(value, Mapping) and "role" in value and "messages" not in value


def _read(value: Any, path: str, now: datetime) -> Imported:
    if isinstance(value, list):
        return _from_messages([(one, f"{path}[{place}]") for place, one in enumerate(value)], now)
    whole = an_object(value, path)
    if isinstance(whole.get("body"), Mapping):
        return _read(whole["body"], f"{path}.body", now)
    if whole.get("format") == FORMAT:
        return Imported(own_conversation(whole, path, now))
    if _is_message(whole):
        return _from_messages([(whole, path)], now)
    if "messages" not in whole:
        names = ", ".join(list(map(str, whole))[:5]) or "nothing"
        raise UnreadableError(
            f"{_named(path)} has no “messages”. What it has: {names}. "
            "A list of messages, a request body or an exported conversation can be read."
        )
    return _from_body(whole, path, now)


def _from_messages(messages: Sequence[tuple[Any, str]], now: datetime) -> Imported:
    reader = Reader(now, None)
    reader.read(messages)
    return _imported(reader, now, {})


def _from_body(body: Mapping[str, Any], path: str, now: datetime) -> Imported:
    before = f"{path}." if path else ""
    model = body.get("model")
    dialect = body_dialect(body)
    reader = Reader(now, a_text(model, f"{before}model") if model is not None else None, dialect)
    if (system := body.get("system")) is not None:
        reader.system(system, f"{before}system")
    messages = a_list(body["messages"], f"{before}messages")
    reader.read([(message, f"{before}messages[{place}]") for place, message in enumerate(messages)])
    params, notes = body_params(body, dialect)
    reader.notes += notes
    return _imported(reader, now, params)


def _imported(reader: Reader, now: datetime, params: Mapping[str, object]) -> Imported:
    turns = reader.turns
    if not turns and not reader.system_prompt:
        raise UnreadableError("There are no messages in it.")
    title = next((title_from(turn.prompt.text) for turn in turns if turn.prompt.text), UNTITLED)
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
    return Imported(conversation, tuple(dict.fromkeys(reader.notes)))


def _named(path: str) -> str:
    return f"The value at {path}" if path else "This"
