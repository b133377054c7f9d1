"""One content block of an Anthropic message (wire reference §4.1, Anthropic docs)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zaguan_tui.client.types.citations import Citation
from zaguan_tui.client.types.tool_call import ToolCall

REASONING_TYPES = frozenset({"thinking", "redacted_thinking"})
CALL_TYPE = "tool_use"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBlock:
    """A block of any type; ``type`` is the server's word.

    ``text`` is the text of a text block and the reasoning of a thinking block. ``signature`` belongs to the
    latter and goes back unchanged, as does ``raw``: the whole block as a server would have sent it in one
    piece. ``call`` is set for ``tool_use``. ``whole`` is false when the stream ended inside the block.
    """

    index: int
    type: str
    text: str = ""
    signature: str | None = None
    call: ToolCall | None = None
    citations: tuple[Citation, ...] = ()
    whole: bool = True
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
