"""How an answer ended, said in a sentence with the next step, so that half an answer never looks like a
whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.chat.turn_ending import unknown_reason
from zaguan_tui.text.sanitize import clean_line


@dataclass(frozen=True, slots=True)
class EndingLabel:
    """A shape, a word, a colour, and what it means for the reader; ``meaning`` is empty when all is well."""

    shape: str
    word: str
    color: str
    meaning: str = ""


_WORDS = {
    Ending.FINISHED: EndingLabel("●", "finished", "success"),
    Ending.TOOL_CALLS: EndingLabel(
        "●", "wants a tool", "primary", "The model waits for the result of its call."
    ),
    Ending.PAUSED: EndingLabel(
        "◌", "paused", "primary", "The server runs a tool of its own and stopped for now; no result is due."
    ),
    Ending.LENGTH: EndingLabel("▲", "length", "warning", "The token limit cut the answer off."),
    Ending.CONTENT_FILTER: EndingLabel(
        "▲", "content filter", "warning", "The provider's filter ended the answer. Another wording may pass."
    ),
    Ending.TRUNCATED: EndingLabel(
        "✖", "truncated", "error", "The connection ended before the answer did. What came is kept."
    ),
    Ending.ERROR_FRAME: EndingLabel(
        "✖", "error in the stream", "error", "The gateway broke the answer off. What came is kept."
    ),
    Ending.CANCELLED: EndingLabel(
        "■", "stopped by you", "ink-soft", "You stopped the answer; what came is kept."
    ),
    Ending.FAILED: EndingLabel("✖", "no answer", "error"),
}

LONGEST_REASON: Final = 40
_UNKNOWN: Final = (
    "The server gave an unknown reason for the end ({word}): whether the answer is whole is not known."
)
_SEVERAL_CALLS: Final = "The model waits for the results of its {count} calls."


def describe_ending(message: Message) -> EndingLabel | None:
    """The words for the ending of ``message``; ``None`` while it has none."""
    if message.ending is None:
        return None
    if word := unknown_reason(message):
        shown = clean_line(word)[:LONGEST_REASON]
        return EndingLabel("?", f"unknown: {shown}", "warning", _UNKNOWN.format(word=shown))
    return _WORDS[message.ending]


def explain_ending(message: Message) -> str:
    """What the ending means for the reader, in a sentence; empty when all is well."""
    words = describe_ending(message)
    if message.ending is Ending.TOOL_CALLS and len(message.tool_calls) > 1:
        return _SEVERAL_CALLS.format(count=len(message.tool_calls))
    if message.ending is Ending.TRUNCATED and message.empty:
        return "The connection ended before anything came."
    return words.meaning if words is not None else ""


_POLL_ONLY_ADVICE: Final = ("it is tried again", "polls ", "it is looked for again")
"""How clauses begin that hold for pollers only: a prompt is never sent twice by itself."""

_DONE_BY_KEYS: Final = ("try again", "ask again", "wait that long", "what came is kept")
"""What the keys beside the sentence say better."""


def answer_next_step(next_step: str) -> str:
    """The next step of a problem as it holds for an answer, without what its keys say already."""
    clauses = [clause.strip() for clause in next_step.strip().rstrip(".").split(";")]
    remaining = [
        clause
        for clause in clauses
        if clause
        and not clause.casefold().startswith(_POLL_ONLY_ADVICE)
        and clause.casefold() not in _DONE_BY_KEYS
    ]
    if not remaining:
        return ""
    step = "; ".join(remaining)
    return f"{step[0].upper()}{step[1:]}."
