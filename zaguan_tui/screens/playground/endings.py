"""How an answer ended, said in a sentence with the next step, so that half an answer never looks like a
whole."""

from __future__ import annotations

from dataclasses import dataclass

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
