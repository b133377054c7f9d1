"""Converts conversations to database rows and back; what a row holds that is unknown here is left out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import Field, asdict, fields, replace
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.timings import Timings
from zaguan_tui.client.types.answers.citations import Citation
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.state.chat.answer_parts import with_ids
from zaguan_tui.state.chat.message import (
    Attachment,
    Dialect,
    Message,
    MessageStatus,
    Receipt,
    Role,
    ToolResult,
)
from zaguan_tui.state.conversations.conversation import Conversation, ConversationKind, Turn
from zaguan_tui.state.core.store import Problem
from zaguan_tui.storage.conversations import ConversationRow, MessageRow

T = TypeVar("T")

_NOT_STORED: Final = ("raw", "gaps")

ENDING_OF_UNFINISHED: Final = Problem(
    sentence="The program ended while this was streaming.",
    next_step="What had come is kept; ask again for a whole answer.",
    kind="interrupted",
)
"""The problem of an answer that the file holds as still arriving."""


def conversation_to_row(conversation: Conversation) -> ConversationRow:
    """The row of a conversation, without its messages."""
    return ConversationRow(
        id=conversation.id,
        title=conversation.title,
        model=conversation.model,
        system_prompt=conversation.system_prompt,
        forked_from=conversation.forked_from,
        created_at=conversation.created_at.timestamp(),
        updated_at=conversation.updated_at.timestamp(),
        kind=conversation.kind.value,
        dialect=conversation.dialect.value,
        params=_to_json(conversation.params),
        setup=_to_json(conversation.setup),
    )


def conversation_from_row(row: ConversationRow, messages: Iterable[MessageRow] = ()) -> Conversation:
    """The conversation of a row and its messages, in their order."""
    return Conversation(
        id=row.id,
        title=row.title,
        model=row.model,
        created_at=_moment(row.created_at),
        updated_at=_moment(row.updated_at),
        system_prompt=row.system_prompt,
        turns=_turns(messages),
        forked_from=row.forked_from,
        kind=ConversationKind(row.kind) if row.kind in set(ConversationKind) else ConversationKind.CHAT,
        dialect=_dialect(row.dialect),
        params=_details(row.params),
        setup=_details(row.setup),
    )


def message_to_row(message: Message, conversation_id: str, turn_id: str) -> MessageRow:
    """The row of a message."""
    details = {
        "refusal": message.refusal,
        "tool_calls": [asdict(call) for call in message.tool_calls],
        "finish_reason": message.finish_reason,
        "usage": to_stored(message.usage) if message.usage else None,
        "timings": to_stored(message.timings) if message.timings else None,
        "problem": asdict(message.problem) if message.problem else None,
        "answered_by": message.answered_by,
        "notes": message.notes,
        "params": dict(message.params),
        "dialect": message.dialect.value if message.dialect is not Dialect.CHAT else None,
        "attempts": message.attempts if message.attempts > 1 else None,
        "blocks": [dict(block) for block in message.blocks],
        "receipt": _receipt_to_json(message.receipt) if message.receipt else None,
        "run": message.run if message.run > 1 else None,
        "chosen": message.chosen,
        "completion_id": message.completion_id,
        "attachments": [asdict(attachment) for attachment in message.attachments],
        "tool_results": [asdict(result) for result in message.tool_results],
        "citations": [asdict(citation) for citation in message.citations],
    }
    return MessageRow(
        id=message.id,
        conversation_id=conversation_id,
        turn_id=turn_id,
        role=message.role.value,
        status=message.status.value,
        at=message.at.timestamp(),
        text=message.text,
        reasoning=message.reasoning,
        model=message.model,
        ending=message.ending.value if message.ending else None,
        request_id=message.request_id,
        details=_to_json({name: value for name, value in details.items() if value}),
    )


def message_from_row(row: MessageRow) -> Message:
    """The message of a row. One that was still arriving is *truncated*: nobody will bring the rest."""
    details = _details(row.details)
    params = details.get("params")
    message = Message(
        id=row.id,
        role=Role(row.role) if row.role in set(Role) else Role.ASSISTANT,
        text=row.text,
        at=_moment(row.at),
        reasoning=row.reasoning,
        refusal=str(details.get("refusal") or ""),
        tool_calls=with_ids(row.id, _read_all(ToolCall, details.get("tool_calls"))),
        ending=_ending(row.ending),
        finish_reason=details.get("finish_reason"),
        usage=_read(Usage, details.get("usage")),
        timings=_read(Timings, details.get("timings")),
        request_id=row.request_id,
        problem=_read(Problem, details.get("problem")),
        model=row.model,
        answered_by=details.get("answered_by"),
        notes=tuple(str(note) for note in details.get("notes") or ()),
        params=params if isinstance(params, Mapping) else {},
        dialect=_dialect(details.get("dialect")),
        attempts=_read_count(details.get("attempts")),
        blocks=tuple(block for block in details.get("blocks") or () if isinstance(block, Mapping)),
        receipt=_receipt(details.get("receipt")),
        run=_read_count(details.get("run")),
        chosen=bool(details.get("chosen")),
        completion_id=details.get("completion_id"),
        attachments=_read_all(Attachment, details.get("attachments")),
        tool_results=_read_all(ToolResult, details.get("tool_results")),
        citations=_read_all(Citation, details.get("citations")),
    )
    if row.status == MessageStatus.ENDED:
        return message
    return replace(message, ending=Ending.TRUNCATED, problem=ENDING_OF_UNFINISHED)


def stored_fields(kind: type) -> Iterator[Field[Any]]:
    """The fields of a dataclass that are stored; raw bodies and the list of gaps of a stream are not."""
    return (field for field in fields(kind) if field.name not in _NOT_STORED)


def to_stored(value: Usage | Timings) -> dict[str, Any]:
    """A value as it stands in rows and exports."""
    return {field.name: getattr(value, field.name) for field in stored_fields(type(value))}


def _turns(messages: Iterable[MessageRow]) -> tuple[Turn, ...]:
    turns: dict[str, Turn] = {}
    for row in messages:
        message = message_from_row(row)
        turn = turns.get(row.turn_id)
        if turn is None and message.role in (Role.USER, Role.TOOL):
            turns[row.turn_id] = Turn(row.turn_id, message)
        elif turn is not None:
            turns[row.turn_id] = turn.with_answer(message)
    return tuple(turns.values())


def _to_json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), default=str)


def _dialect(word: object) -> Dialect:
    return Dialect.MESSAGES if word == Dialect.MESSAGES else Dialect.CHAT


def _read_count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 1


def _receipt_to_json(receipt: Receipt) -> dict[str, Any]:
    return asdict(receipt) | {"at": receipt.at.timestamp() if receipt.at else None}


def _receipt(value: object) -> Receipt | None:
    if not isinstance(value, Mapping):
        return None
    at = value.get("at")
    moment = _moment(at) if isinstance(at, (int, float)) else None
    return _read(Receipt, {**value, "at": moment})


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _ending(word: str | None) -> Ending | None:
    if word is None:
        return None
    return Ending(word) if word in set(Ending) else Ending.TRUNCATED


def _details(text: str) -> dict[str, Any]:
    try:
        details = json.loads(text)
    except ValueError:
        return {}
    return details if isinstance(details, dict) else {}


def _read(kind: type[T], value: object) -> T | None:
    """An object of a dataclass from its JSON, with fields this version does not know left out."""
    if not isinstance(value, Mapping):
        return None
    known = {field.name for field in stored_fields(kind)}
    try:
        return kind(**{name: entry for name, entry in value.items() if name in known})
    except TypeError:
        return None


def _read_all(kind: type[T], values: object) -> tuple[T, ...]:
    entries = values if isinstance(values, list) else ()
    return tuple(item for entry in entries if (item := _read(kind, entry)) is not None)
