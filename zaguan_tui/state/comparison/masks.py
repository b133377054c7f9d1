"""Names hidden until the vote: an answer that cannot give its model away by anything but what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.core.store import Problem

HIDDEN: Final = "Why it failed is told after the vote, for it names the model."


def mask_message(message: Message, letter: str) -> Message:
    """``message`` as that of the lane ``letter``: without model, notes, and sentences of the server."""
    problem = message.problem
    hidden = None if problem is None else Problem(HIDDEN, kind=problem.kind, request_id=problem.request_id)
    return replace(
        message,
        model=letter,
        answered_by=None,
        notes=(),
        problem=hidden,
        params=_without_routing(message.params),
    )


def _without_routing(params: Mapping[str, object]) -> dict[str, object]:
    """The parameters without those that name a route."""
    return {name: value for name, value in params.items() if name != "virtual_model_id"}
