"""What was asked for, fixed at the moment of asking: what is opened or chosen meanwhile changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

NEW_DRAFT = "playground:new"


@dataclass(frozen=True, slots=True)
class Errand:
    """A prompt for one conversation and one model; ``prompt`` is ``None`` when the last is asked again.

    ``draft_place`` is where the prompt was written, and where it goes back to if it cannot be sent.
    """

    conversation_id: str
    model: str | None
    prompt: str | None
    draft_place: str
