"""Next steps after an answer: a key and what it does, keys named as the person has bound them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Final

from textual.app import App
from textual.content import Content

from zaguan_tui.actions.key_names import is_text_key, key_label
from zaguan_tui.actions.registry import ACTIONS, Action, keys_of
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.screens.common.connection_info import ScreenOptions
from zaguan_tui.state.chat.message import Message
from zaguan_tui.text.format import duration

AGAIN: Final = "playground.retry"
MODEL: Final = "playground.model"
CONTINUE: Final = "answer.continue"
TOOL: Final = "answer.tool"
PARAMETERS: Final = "tuning.parameters"
WIRE: Final = "wire.toggle"


@dataclass(frozen=True, slots=True)
class NextStep:
    """One next step: the id of an action, and what its key does."""

    action: str
    words: str


CONTINUES: Final = NextStep(CONTINUE, "continues")
GOES_ON: Final = NextStep(CONTINUE, "lets it go on")
ASKS_AGAIN: Final = NextStep(AGAIN, "asks again")

_AFTER_REFUSAL: Final[Mapping[str, tuple[NextStep, ...]]] = {
    "rate_limit": (ASKS_AGAIN, NextStep(MODEL, "picks another model")),
    "insufficient_credits": (NextStep(MODEL, "picks a cheaper model"), ASKS_AGAIN),
    "band_access": (NextStep(MODEL, "picks a model that is open"),),
    "invalid_request": (NextStep(PARAMETERS, "shows the parameters"), ASKS_AGAIN),
    "argument": (NextStep(PARAMETERS, "shows the parameters"), ASKS_AGAIN),
    "not_found": (NextStep(MODEL, "picks another model"), ASKS_AGAIN),
    "overloaded": (ASKS_AGAIN, NextStep(MODEL, "picks another model")),
    "timeout": (ASKS_AGAIN, NextStep(MODEL, "picks a faster model")),
    "server": (ASKS_AGAIN, NextStep(MODEL, "picks another model")),
}


def find_next_steps(message: Message) -> tuple[NextStep, ...]:
    """The next steps after an answer, the likeliest first."""
    looks = (NextStep(WIRE, "shows the frames"),) if message.notes else ()
    return (*_iterate_next_steps(message), *looks)


def _iterate_next_steps(message: Message) -> tuple[NextStep, ...]:
    go_on = (CONTINUES,) if can_continue(message) else ()
    match message.ending:
        case Ending.LENGTH:
            return (*go_on, NextStep(PARAMETERS, "raises max_tokens"))
        case Ending.PAUSED:
            return (GOES_ON,)
        case Ending.TOOL_CALLS:
            return (NextStep(TOOL, "answers as the tool"),) if message.tool_calls else ()
        case Ending.TRUNCATED | Ending.ERROR_FRAME | Ending.CANCELLED:
            return (*go_on, ASKS_AGAIN)
        case Ending.CONTENT_FILTER:
            return (ASKS_AGAIN, NextStep(MODEL, "picks another model"))
        case Ending.FAILED:
            kind = message.problem.kind if message.problem is not None else ""
            return _AFTER_REFUSAL.get(kind, (ASKS_AGAIN,))
    return ()


def can_continue(message: Message) -> bool:
    """Whether an answer stopped in the middle of its text, or of server-side work."""
    if message.ending is Ending.PAUSED:
        return True
    stopped = message.ending in (
        Ending.LENGTH,
        Ending.TRUNCATED,
        Ending.ERROR_FRAME,
        Ending.CANCELLED,
    )
    return stopped and bool(message.text.strip())


def format_next_steps(steps: Sequence[NextStep], keymap: Mapping[str, str], wait_s: float = 0.0) -> Content:
    """The steps on one line: ``alt+n continues · ctrl+g asks again``.

    While the gateway asks to wait, the time that is left stands in the place of asking again.
    """
    parts = []
    for step in steps:
        if step.action == AGAIN and wait_s > 0:
            parts.append(Content.styled(f"again in {duration(max(1, ceil(wait_s)))}", "$warning"))
        elif key := find_key(step.action, keymap):
            parts.append(Content.assemble((key, "bold $primary"), (f" {step.words}", "$ink-soft")))
    return Content.styled(" · ", "$ink-faint").join(parts)


def find_key(action_id: str, keymap: Mapping[str, str]) -> str:
    """The key of an action that also works while one writes, else its first; empty without such an action."""
    action = _registered().get(action_id)
    keys = keys_of(action, keymap) if action is not None else ()
    return key_label(next((key for key in keys if not is_text_key(key)), keys[0])) if keys else ""


def get_keymap(app: App[object]) -> Mapping[str, str]:
    """The keymap of the app's options; empty without options."""
    return app.options.keymap if isinstance(app, ScreenOptions) else {}


@cache
def _registered() -> Mapping[str, Action]:
    return {action.id: action for action in ACTIONS}
