"""How an answer ended, said in a sentence with the next step, so that half an answer never looks like a
whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from zaguan_tui.state.message import Message, MessageEnding


@dataclass(frozen=True, slots=True)
class EndingWords:
    """A shape, a word, a colour, and what it means for the reader; ``meaning`` is empty when all is well."""

    shape: str
    word: str
    color: str
    meaning: str = ""


_WORDS = {
    MessageEnding.FINISHED: EndingWords("●", "finished", "success"),
    MessageEnding.TOOL_CALLS: EndingWords(
        "●", "wants a tool", "primary", "The model waits for the result of its call."
    ),
    MessageEnding.LENGTH: EndingWords(
        "▲",
        "length",
        "warning",
        "The token limit cut the answer off. Ask it to continue, or raise max_tokens.",
    ),
    MessageEnding.CONTENT_FILTER: EndingWords(
        "▲", "content filter", "warning", "The provider's filter ended the answer. Another wording may pass."
    ),
    MessageEnding.TRUNCATED: EndingWords(
        "✖",
        "truncated",
        "error",
        "The connection ended before the answer did. What came is kept; ctrl+g asks again.",
    ),
    MessageEnding.ERROR_FRAME: EndingWords(
        "✖",
        "error in the stream",
        "error",
        "The gateway broke the answer off. What came is kept; ctrl+g asks again.",
    ),
    MessageEnding.CANCELLED: EndingWords("■", "stopped by you", "ink-soft"),
    MessageEnding.FAILED: EndingWords("✖", "no answer", "error"),
}


def ending_words(message: Message) -> EndingWords | None:
    """The words for the ending of ``message``; ``None`` while it has none."""
    return None if message.ending is None else _WORDS[message.ending]


AGAIN: Final = "ctrl+g asks again."

_ONLY_OF_POLLS: Final = ("it is tried again", "polls ", "it is looked for again")
"""How clauses begin that are true of what is polled: a question is never asked twice by itself."""


def next_step_of_turn(next_step: str) -> str:
    """The next step of a problem as it holds for an answer: nothing asks again but the person."""
    clauses = [clause.strip() for clause in next_step.strip().rstrip(".").split(";")]
    kept = [clause for clause in clauses if clause and not clause.casefold().startswith(_ONLY_OF_POLLS)]
    if not kept:
        return AGAIN
    step = "; ".join(kept)
    return f"{step[0].upper()}{step[1:]}. {AGAIN}"
