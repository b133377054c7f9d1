"""Conversations and their turns. Immutable."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from zaguan_tui.state.chat.message import Dialect, Message, new_id
from zaguan_tui.state.chat.prompt_request import target_key
from zaguan_tui.text.sanitize import clean_line

UNTITLED: Final = "New conversation"
TITLE_LENGTH: Final = 60


class ConversationKind(enum.StrEnum):
    """What a conversation is: a chat, or one prompt put to several models."""

    CHAT = "chat"
    COMPARISON = "comparison"


@dataclass(frozen=True, slots=True)
class Turn:
    """A prompt and the answers it got: one, or more after *retry* and *regenerate*.

    The one that was chosen counts, else the newest.
    """

    id: str
    prompt: Message
    answers: tuple[Message, ...] = ()

    @property
    def answer(self) -> Message | None:
        """The answer that counts."""
        chosen = next((answer for answer in reversed(self.answers) if answer.chosen), None)
        return chosen or (self.answers[-1] if self.answers else None)

    def with_answer(self, message: Message) -> Turn:
        """The same turn with ``message`` in the place of the answer of its id, or as the newest answer."""
        if any(answer.id == message.id for answer in self.answers):
            answers = tuple(message if answer.id == message.id else answer for answer in self.answers)
            return replace(self, answers=answers)
        return replace(self, answers=(*self.answers, message))


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation. ``updated_at`` is the moment of its last turn, ``forked_from`` the id of its source.

    ``params`` are the parameters of its next prompt, under the names of the chat dialect (see
    :mod:`.dialects`). ``setup`` is how a comparison is laid out: a JSON object of its own making.
    """

    id: str
    title: str
    model: str | None
    created_at: datetime
    updated_at: datetime
    system_prompt: str = ""
    turns: tuple[Turn, ...] = ()
    forked_from: str | None = None
    kind: ConversationKind = ConversationKind.CHAT
    dialect: Dialect = Dialect.CHAT
    params: Mapping[str, object] = field(default_factory=dict)
    setup: Mapping[str, object] = field(default_factory=dict)

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


def answers_of(turn: Turn, key: str) -> tuple[Message, ...]:
    """The answers of one target (see :func:`target_key`) to the prompt of a turn, by run."""
    return tuple(
        sorted(
            (answer for answer in turn.answers if target_key(answer) == key), key=lambda answer: answer.run
        )
    )


def make_title(prompt: str) -> str:
    """A title for a conversation that begins with ``prompt``: its first line that says something."""
    for line in prompt.splitlines():
        title = clean_line(line, TITLE_LENGTH)
        if any(character.isalnum() for character in title):
            return title
    return clean_line(prompt, TITLE_LENGTH) or UNTITLED


def copy_turn(turn: Turn) -> Turn:
    """The same turn under ids of its own."""
    answers = tuple(replace(answer, id=new_id("msg")) for answer in turn.answers)
    return Turn(new_id("turn"), replace(turn.prompt, id=new_id("msg")), answers)
