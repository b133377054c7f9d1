"""The line with the title of the conversation, and of its fork source."""

from __future__ import annotations

from textual.content import Content

from zaguan_tui.state.conversations.conversation import UNTITLED, Conversation
from zaguan_tui.widgets.foreign_text import foreign_line

FORK = "⎇"
MAX_TITLE_LENGTH = 80
MAX_SOURCE_LENGTH = 40


def format_title(conversation: Conversation | None, source: str | None) -> Content:
    """Nothing before the first prompt. ``source`` is the title of what it was forked from, if still known."""
    if conversation is None or conversation.title == UNTITLED:
        return Content("")
    title = foreign_line(conversation.title, "$ink-soft", MAX_TITLE_LENGTH)
    if conversation.forked_from is None:
        return title
    fork = Content.assemble(title, (f"  {FORK} ", "$primary"))
    if source is None:
        return fork + Content.styled("forked from one that is deleted", "$ink-faint")
    if source == conversation.title:
        return fork + Content.styled("forked from one of this title", "$ink-faint")
    named = foreign_line(source, "$ink-soft", MAX_SOURCE_LENGTH)
    return Content.assemble(fork, ("forked from “", "$ink-faint"), named, ("”", "$ink-faint"))
