"""What can be expected to go wrong in this room, each with its sentence."""

from __future__ import annotations

ANSWER_IN_PROGRESS = "An answer is still coming. Escape stops it."
CONVERSATION_DELETED = "That conversation is not kept any more."
OPENING = "One moment: the conversations are being opened."
NO_MODEL = "Pick a model first: ctrl+o."
NO_PROMPT = "Nothing has been asked here yet."


class ConversationDeletedError(Exception):
    """The conversation on the desk, or the one to be put there, was deleted."""


def error_message(error: Exception) -> str | None:
    """The sentence for something expected; ``None`` for a fault of ours."""
    from zaguan_tui.state.chat.turn_runner import AnswerInProgressError  # the store's code: no start needs it
    from zaguan_tui.storage.errors import StorageError

    if isinstance(error, AnswerInProgressError):
        return ANSWER_IN_PROGRESS
    if isinstance(error, ConversationDeletedError):
        return CONVERSATION_DELETED
    return str(error) if isinstance(error, StorageError) else None
