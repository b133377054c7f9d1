"""Imports this program's own JSON export: everything as it was, under new ids."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from types import NoneType
from typing import Any, Final

from zaguan_tui.client.streaming.timings import Timings
from zaguan_tui.client.types.answers.citations import Citation
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.state.chat.message import Attachment, Dialect, Message, Receipt, Role, ToolResult, new_id
from zaguan_tui.state.conversations.conversation import Conversation, ConversationKind, Turn, make_title
from zaguan_tui.state.conversations.export import VERSION
from zaguan_tui.state.conversations.importing.checks import (
    ImportFormatError,
    check_list,
    check_object,
    check_text,
    make_type_error,
)
from zaguan_tui.state.conversations.rows import message_from_row, stored_fields
from zaguan_tui.state.core.store import Problem
from zaguan_tui.storage.conversations import MessageRow

_OPTIONAL_TEXTS: Final = ("model", "ending", "request_id")
_DETAIL_WORDS: Final = ("refusal", "finish_reason", "answered_by", "completion_id", "dialect")
_OBJECTS: Final[Mapping[str, type]] = {
    "usage": Usage,
    "timings": Timings,
    "problem": Problem,
}
_LISTS: Final[Mapping[str, type]] = {
    "tool_calls": ToolCall,
    "attachments": Attachment,
    "tool_results": ToolResult,
    "citations": Citation,
}
_JSON_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "str": (str,),
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
    "None": (NoneType,),
    "Mapping[str, object]": (dict,),
}


def read_own_conversation(whole: Mapping[str, Any], path: str, now: datetime) -> Conversation:
    """The conversation in an exported object. Raises ``UnreadableError``."""
    at = f"{path}." if path else ""
    version = whole.get("version")
    if version != VERSION:
        raise ImportFormatError(
            f"{at}version is {json.dumps(version, default=str)[:20]}; this program reads version {VERSION}."
        )
    turns = [
        _turn(turn, f"{at}turns[{place}]", now)
        for place, turn in enumerate(check_list(whole.get("turns"), f"{at}turns"))
    ]
    model = whole.get("model")
    title = check_text(whole.get("title", ""), f"{at}title")
    kind, dialect = whole.get("kind"), whole.get("dialect")
    return Conversation(
        id=new_id("conv"),
        title=title or make_title(turns[0].prompt.text if turns else ""),
        model=None if model is None else check_text(model, f"{at}model"),
        created_at=_moment(whole.get("created_at"), now),
        updated_at=now,
        system_prompt=check_text(whole.get("system_prompt", ""), f"{at}system_prompt"),
        turns=tuple(turns),
        kind=ConversationKind.COMPARISON if kind == ConversationKind.COMPARISON else ConversationKind.CHAT,
        dialect=Dialect.MESSAGES if dialect == Dialect.MESSAGES else Dialect.CHAT,
        params=check_object(whole.get("params", {}), f"{at}params"),
        setup=check_object(whole.get("setup", {}), f"{at}setup"),
    )


def _turn(value: object, path: str, now: datetime) -> Turn:
    turn = check_object(value, path)
    prompt = _message(turn.get("prompt"), f"{path}.prompt", now)
    if prompt.role is Role.ASSISTANT:
        raise ImportFormatError(f"{path}.prompt.role has to be user or tool.")
    answers = check_list(turn.get("answers", []), f"{path}.answers")
    return Turn(
        new_id("turn"),
        prompt,
        tuple(_message(answer, f"{path}.answers[{place}]", now) for place, answer in enumerate(answers)),
    )


def _message(value: object, path: str, now: datetime) -> Message:
    message = check_object(value, path)
    details = _details(message, path, now)
    known = {
        name: None if message.get(name) is None else check_text(message[name], f"{path}.{name}")
        for name in _OPTIONAL_TEXTS
    }
    row = MessageRow(
        id=new_id("msg"),
        conversation_id="",
        turn_id="",
        role=check_text(message.get("role"), f"{path}.role"),
        status="ended",
        at=_moment(message.get("at"), now).timestamp(),
        details=json.dumps(details, default=str),
        text=check_text(message.get("text", ""), f"{path}.text"),
        reasoning=check_text(message.get("reasoning", ""), f"{path}.reasoning"),
        model=known["model"],
        ending=known["ending"],
        request_id=known["request_id"],
    )
    return message_from_row(row)


def _details(message: Mapping[str, Any], path: str, now: datetime) -> dict[str, Any]:
    """What the row of a message keeps in its details, each of its kind."""
    details: dict[str, Any] = {}
    for name in _DETAIL_WORDS:
        if message.get(name) is not None:
            details[name] = check_text(message[name], f"{path}.{name}")
    for name, kind in _OBJECTS.items():
        if message.get(name) is not None:
            details[name] = _read_fields(message[name], kind, f"{path}.{name}")
    for name, kind in _LISTS.items():
        entries = check_list(message.get(name, []), f"{path}.{name}")
        details[name] = [
            _read_fields(entry, kind, f"{path}.{name}[{place}]") for place, entry in enumerate(entries)
        ]
    for name in ("notes", "blocks"):
        check = check_text if name == "notes" else check_object
        entries = check_list(message.get(name, []), f"{path}.{name}")
        details[name] = [check(entry, f"{path}.{name}[{place}]") for place, entry in enumerate(entries)]
    if message.get("receipt") is not None:
        receipt = dict(check_object(message["receipt"], f"{path}.receipt"))
        at = receipt.pop("at", None)
        details["receipt"] = _read_fields(receipt, Receipt, f"{path}.receipt")
        details["receipt"]["at"] = None if at is None else _moment(at, now).timestamp()
    details["params"] = check_object(message.get("params", {}), f"{path}.params")
    for name in ("run", "attempts", "chosen"):
        if name in message:
            details[name] = message[name]
    return details


def _read_fields(value: object, kind: type, path: str) -> dict[str, Any]:
    """The fields of a dataclass from an object, each of a type that it may have."""
    given = check_object(value, path)
    values = {}
    for field in stored_fields(kind):
        if field.name not in given:
            continue
        entry = given[field.name]
        words = str(field.type).split(" | ")
        allowed = tuple(one for word in words for one in _JSON_TYPES.get(word, ()))
        if not isinstance(entry, allowed) or (isinstance(entry, bool) and bool not in allowed):
            raise make_type_error(f"{path}.{field.name}", " or ".join(map(_word, words)), entry)
        values[field.name] = entry
    return values


def _word(annotation: str) -> str:
    words = {"str": "a text", "int": "a number", "float": "a number", "None": "null", "bool": "true or false"}
    return words.get(annotation, "an object")


def _moment(value: object, now: datetime) -> datetime:
    """A moment as it is written; ``now`` for what is none."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else now
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return now
