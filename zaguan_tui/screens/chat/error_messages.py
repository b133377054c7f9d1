"""Sentences for the errors to be expected in a chat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

ANSWER_IN_PROGRESS = "An answer is still coming. Escape stops it."
NO_ANSWER_IN_PROGRESS = "No answer is coming that could be stopped."
CONVERSATION_DELETED = "That conversation is not kept any more."
NOTHING_DELETED = "Nothing was deleted that could come back."
OPENING = "One moment: the conversations are being opened."
NO_MODEL = "Pick a model first: ctrl+o."
NO_PROMPT = "Nothing has been asked here yet."


class ConversationDeletedError(Exception):
    """The conversation that is open, or the one to be opened, was deleted."""


def error_message(error: Exception) -> str | None:
    """The sentence for an error to be expected; ``None`` for a fault of the program."""
    from zaguan_tui.state.chat.turn_runner import AnswerInProgressError  # the store's code: no start needs it
    from zaguan_tui.storage.errors import StorageError

    if isinstance(error, AnswerInProgressError):
        return ANSWER_IN_PROGRESS
    if isinstance(error, ConversationDeletedError):
        return CONVERSATION_DELETED
    return str(error) if isinstance(error, StorageError) else None


@contextmanager
def warn_of_errors(warn: Callable[[str], None], fault: str) -> Iterator[None]:
    """Warn of an error in a sentence. A fault of the program is warned of as ``fault`` and raised on."""
    try:
        yield
    except Exception as error:
        sentence = error_message(error)
        warn(sentence or fault)
        if sentence is None:
            raise
