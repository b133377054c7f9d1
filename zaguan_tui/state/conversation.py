"""A conversation as it stands: its turns, its title, and what of it a model gets to read. Immutable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from zaguan_tui.text.sanitize import clean_line

from .message import Message, MessageEnding, Role

UNTITLED: Final = "New conversation"
TITLE_LENGTH: Final = 60

_NEVER_ANSWERED: Final = frozenset(
    (MessageEnding.FAILED, MessageEnding.ERROR_FRAME, MessageEnding.TRUNCATED, MessageEnding.CONTENT_FILTER)
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A prompt and the answers it got: one, or more after *retry* and *regenerate*; the newest one counts."""

    id: str
    prompt: Message
    answers: tuple[Message, ...] = ()

    @property
    def answer(self) -> Message | None:
        """The answer that counts."""
        return self.answers[-1] if self.answers else None

    def with_answer(self, message: Message) -> Turn:
        """The same turn with ``message`` in the place of the answer of its id, or as the newest answer."""
        if any(answer.id == message.id for answer in self.answers):
            kept = tuple(message if answer.id == message.id else answer for answer in self.answers)
            return replace(self, answers=kept)
        return replace(self, answers=(*self.answers, message))


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation. ``updated_at`` is the moment of its last turn, ``forked_from`` the id of its source."""

    id: str
    title: str
    model: str | None
    created_at: datetime
    updated_at: datetime
    system_prompt: str = ""
    turns: tuple[Turn, ...] = ()
    forked_from: str | None = None

    def turn(self, turn_id: str) -> Turn:
        """The turn of that id. Raises ``KeyError`` when there is none."""
        for turn in reversed(self.turns):
            if turn.id == turn_id:
                return turn
        raise KeyError(turn_id)

    def with_turn(self, turn: Turn) -> Conversation:
        """The same conversation with ``turn`` in the place of the turn of its id, or at the end."""
        for index in range(len(self.turns) - 1, -1, -1):
            if self.turns[index].id == turn.id:
                return replace(self, turns=(*self.turns[:index], turn, *self.turns[index + 1 :]))
        return replace(self, turns=(*self.turns, turn))

    def until(self, turn_id: str) -> tuple[Turn, ...]:
        """The turns before the one of that id."""
        for index, turn in enumerate(self.turns):
            if turn.id == turn_id:
                return self.turns[:index]
        raise KeyError(turn_id)


def title_from(prompt: str) -> str:
    """A title for a conversation that begins with ``prompt``: its first line that says something."""
    for line in prompt.splitlines():
        title = clean_line(line, TITLE_LENGTH)
        if any(character.isalnum() for character in title):
            return title
    return clean_line(prompt, TITLE_LENGTH) or UNTITLED


def history(turns: Sequence[Turn], system_prompt: str = "") -> list[dict[str, object]]:
    """What a model reads of ``turns``, in the chat format: the system prompt first, then prompts and answers.

    Part of an answer is an answer: what came before a stop or a cut is in. What never got a word (an error,
    an empty end) is left out together with its prompt, for the prompt will have been sent again. Tool calls
    are left out, since the format refuses a call without its result.
    """
    messages: list[dict[str, object]] = []
    if system_prompt.strip():
        messages.append({"role": Role.SYSTEM.value, "content": system_prompt})
    for turn in turns:
        answer = turn.answer
        said = (answer.text or answer.refusal) if answer else ""
        if not said and (answer is None or answer.ending in _NEVER_ANSWERED):
            continue
        messages.append({"role": Role.USER.value, "content": turn.prompt.text})
        if said:
            messages.append({"role": Role.ASSISTANT.value, "content": said})
    return messages
