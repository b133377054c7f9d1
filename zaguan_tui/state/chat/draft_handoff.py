"""What one view of the playground hands to the next: what is being written, and how it would be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zaguan_tui.state.chat.prompt_request import ModelTarget


@dataclass(frozen=True, slots=True)
class DraftHandoff:
    """``lane`` with an empty model when none was chosen; ``text`` is what stood in the prompt."""

    text: str
    lane: ModelTarget
    params: Mapping[str, object] = field(default_factory=dict)
    system_prompt: str = ""
