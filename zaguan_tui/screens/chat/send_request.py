"""Request to send, fixed at the moment of sending: later choices on the screen change nothing."""

from __future__ import annotations

from dataclasses import dataclass

from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest

NEW_CONVERSATION_DRAFT = "playground:new"


@dataclass(frozen=True, slots=True)
class SendRequest:
    """A prompt of one conversation for one model or several.

    ``question`` is ``None`` when the one of ``turn_id`` (``None``: the last) is put again. ``draft_place`` is
    where the prompt was written, and where it goes back to if it cannot be sent.
    """

    conversation_id: str
    targets: tuple[ModelTarget, ...]
    question: PromptRequest | None
    draft_place: str
    turn_id: str | None = None

    @property
    def prompt(self) -> str | None:
        """The text of the prompt, if it is a new one."""
        return None if self.question is None else self.question.text
