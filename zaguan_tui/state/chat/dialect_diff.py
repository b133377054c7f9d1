"""Compares the answers to one prompt in both dialects, field by field and word by word. Pure."""

from __future__ import annotations

import difflib
import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from zaguan_tui.client.streaming.endings import Ending, ending_for, knows_reason
from zaguan_tui.client.streaming.timings import Timings
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.state.chat.message import Dialect, Message

MAX_WORDS: Final = 1_500
"""Words of each text that are compared one by one: the work grows with the square."""


class Unit(enum.StrEnum):
    """What kind of thing a row holds."""

    WORD = "word"
    CHARACTERS = "characters"
    TOKENS = "tokens"
    SECONDS = "seconds"
    CREDITS = "credits"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One field of both answers. ``same`` is ``None`` where no two answers ever agree: times, ids."""

    name: str
    left: str | float | None
    right: str | float | None
    same: bool | None
    unit: Unit = Unit.WORD
    note: str = ""


@dataclass(frozen=True, slots=True)
class TextRun:
    """A piece of a text that the other text has too, or has not."""

    text: str
    same: bool


@dataclass(frozen=True, slots=True)
class WordDiff:
    """Two texts as runs. ``first`` is the word, from 1, at which they part; ``None`` when they never do.

    ``whole`` is false when only the beginnings were compared.
    """

    left: tuple[TextRun, ...]
    right: tuple[TextRun, ...]
    first: int | None = None
    whole: bool = True


def compare_answers(left: Message, right: Message, first: int | None = None) -> list[FieldDiff]:
    """Every field of two answers that are over; ``first`` is the word at which their texts part."""
    note = f"they part at word {first:,}" if first is not None else ""
    mine, yours = left.usage or Usage(), right.usage or Usage()
    rows = [
        FieldDiff("text", len(left.text), len(right.text), left.text == right.text, Unit.CHARACTERS, note),
        FieldDiff(
            "thinking",
            len(left.reasoning) or None,
            len(right.reasoning) or None,
            left.reasoning == right.reasoning,
            Unit.CHARACTERS,
        ),
    ]
    if left.tool_calls or right.tool_calls:
        rows.append(_calls(left.tool_calls, right.tool_calls))
    rows.append(_stop(left, right))
    rows += [
        _same("prompt tokens", mine.prompt_tokens, yours.prompt_tokens, Unit.TOKENS),
        _same("cached tokens", mine.cached_tokens, yours.cached_tokens, Unit.TOKENS),
        _same("completion tokens", mine.completion_tokens, yours.completion_tokens, Unit.TOKENS),
        _same("reasoning tokens", mine.reasoning_tokens, yours.reasoning_tokens, Unit.TOKENS),
        _same("answered by", left.answered_by, right.answered_by, Unit.NAME),
    ]
    mine_cost, yours_cost = _credits(left), _credits(right)
    if mine_cost is not None or yours_cost is not None:
        sides = (("chat", left), ("messages", right))
        awaited = " and ".join(name for name, message in sides if not _is_debited(message))
        same = None if awaited else mine_cost == yours_cost
        note = f"{awaited}: expected, not debited yet" if awaited else ""
        rows.append(FieldDiff("credits", mine_cost, yours_cost, same, Unit.CREDITS, note))
    return rows + _incomparable_rows(left, right)


def compare_words(left: str, right: str) -> WordDiff:
    """Two texts word by word. Takes a while for long ones: call it in a thread."""
    mine, yours = _words(left), _words(right)
    ours, theirs = mine[:MAX_WORDS], yours[:MAX_WORDS]
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    runs_left: list[TextRun] = []
    runs_right: list[TextRun] = []
    first: int | None = None
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        same = kind == "equal"
        if not same and first is None:
            first = start + 1
        if start < end:
            runs_left.append(TextRun("".join(ours[start:end]), same))
        if other_start < other_end:
            runs_right.append(TextRun("".join(theirs[other_start:other_end]), same))
    whole = len(mine) <= MAX_WORDS and len(yours) <= MAX_WORDS
    return WordDiff(tuple(runs_left), tuple(runs_right), first, whole)


def order_by_dialect(answers: Sequence[Message]) -> tuple[Message, Message] | None:
    """The newest answers of a turn as chat and messages, if they are of one model and of both dialects."""
    if len(answers) < 2:
        return None
    pair = {answer.dialect: answer for answer in answers[-2:]}
    if len(pair) < len(Dialect) or answers[-1].model != answers[-2].model:
        return None
    return pair[Dialect.CHAT], pair[Dialect.MESSAGES]


def _same(name: str, left: str | float | None, right: str | float | None, unit: Unit) -> FieldDiff:
    return FieldDiff(name, left, right, left == right, unit)


def _calls(left: Sequence[ToolCall], right: Sequence[ToolCall]) -> FieldDiff:
    def names(calls: Sequence[ToolCall]) -> str | None:
        return ", ".join(call.name for call in calls) or None

    def meant(calls: Sequence[ToolCall]) -> list[tuple[str, str]]:
        return [(call.name, "".join(call.arguments.split())) for call in calls]

    same = meant(left) == meant(right)
    note = "" if same or names(left) != names(right) else "other arguments"
    return FieldDiff("tool calls", names(left), names(right), same, Unit.NAME, note)


def _stop(left: Message, right: Message) -> FieldDiff:
    """The stop reasons in each dialect's words: ``stop`` is to one what ``end_turn`` is to the other."""
    mine, yours = left.finish_reason or left.ending, right.finish_reason or right.ending
    same = _meaning(left) == _meaning(right)
    note = "the same in other words" if same and mine != yours else ""
    return FieldDiff("stop reason", mine, yours, same, Unit.NAME, note)


def _meaning(message: Message) -> object:
    """What a stop reason means; how the answer ended decides where it broke off."""
    broken = (
        Ending.TRUNCATED,
        Ending.ERROR_FRAME,
        Ending.CANCELLED,
        Ending.FAILED,
    )
    if message.ending in broken or not message.finish_reason:
        return message.ending
    word = message.finish_reason
    return ending_for(word) if knows_reason(word) else word


def _credits(message: Message) -> float | None:
    receipt = message.receipt
    return None if receipt is None else receipt.expected if receipt.debited is None else receipt.debited


def _is_debited(message: Message) -> bool:
    return message.receipt is not None and message.receipt.debited is not None


def _incomparable_rows(left: Message, right: Message) -> list[FieldDiff]:
    mine, yours = left.timings or Timings(), right.timings or Timings()
    return [
        FieldDiff("first token", mine.ttft_s, yours.ttft_s, None, Unit.SECONDS),
        FieldDiff("took", mine.duration_s, yours.duration_s, None, Unit.SECONDS),
        FieldDiff("request id", left.request_id, right.request_id, None, Unit.NAME),
    ]


def _words(text: str) -> list[str]:
    """The words with the space that follows each, so that joined they are the text."""
    return re.findall(r"\s*\S+\s*|\s+", text)
