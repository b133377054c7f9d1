"""The parameters in the model line: the dialect, what was set, what is not sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from textual.content import Content

from zaguan_tui.state.chat.message import Dialect
from zaguan_tui.state.chat.parameters.summary import summarize_parameters
from zaguan_tui.state.chat.parameters.support import find_not_sent
from zaguan_tui.state.models.entry import ModelEntry
from zaguan_tui.widgets.foreign_text import foreign_line

MAX_SHOWN: Final = 6
MAX_WIDTH: Final = 36


def format_parameters(
    params: Mapping[str, object], entry: ModelEntry | None, dialect: Dialect
) -> list[Content]:
    """A part for the dialect, for each of the first parameters, and for those that are not sent."""
    not_sent = find_not_sent(params, entry, dialect)
    words = summarize_parameters({name: value for name, value in params.items() if name not in not_sent})
    parts = [Content.styled("messages", "$primary")] if dialect is Dialect.MESSAGES else []
    parts += [foreign_line(word, "$foreground", MAX_WIDTH) for word in words[:MAX_SHOWN]]
    if len(words) > MAX_SHOWN:
        parts.append(Content.styled(f"{len(words) - MAX_SHOWN} more", "$ink-soft"))
    if not_sent:
        parts.append(foreign_line(f"⊘ not sent: {', '.join(not_sent)}", "$warning", 2 * MAX_WIDTH))
    return parts
