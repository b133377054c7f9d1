"""What can be expected to go wrong in this room, each with its sentence."""

from __future__ import annotations

ANSWERING = "An answer is still coming. Escape stops it."
GONE = "That conversation is not kept any more."
OPENING = "One moment: the conversations are being opened."
NO_MODEL = "Pick a model first: ctrl+o."
NOTHING_ASKED = "Nothing has been asked here yet."


class ConversationGoneError(Exception):
    """The conversation on the desk, or the one to be put there, was deleted."""


def sentence_of(error: Exception) -> str | None:
    """The sentence for something expected; ``None`` for a fault of ours."""
    from zaguan_tui.state.turn import AlreadyAnsweringError  # the store's code: no start needs it
    from zaguan_tui.storage.errors import StorageError

    if isinstance(error, AlreadyAnsweringError):
        return ANSWERING
    if isinstance(error, ConversationGoneError):
        return GONE
    return str(error) if isinstance(error, StorageError) else None
