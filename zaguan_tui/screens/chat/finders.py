"""Searches for pickers: models by id, conversations by title."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from zaguan_tui.screens.chat.models.default_model import can_chat
from zaguan_tui.screens.chat.models.lines import make_picker_items
from zaguan_tui.state.conversations.conversation import Conversation
from zaguan_tui.state.models.entry import ModelEntry
from zaguan_tui.text.format import age
from zaguan_tui.widgets.foreign_text import identifier
from zaguan_tui.widgets.match_list import PickerItem, Search, make_search, with_typed_text


def make_model_search(entries: Sequence[ModelEntry], virtuals: Sequence[PickerItem] = ()) -> Search:
    """Fuzzy over model ids: virtual ones, real ones, deprecated ones, what does not seem to chat. Any id may
    be typed, since a server may take models that it does not list.
    """
    names = {item.key for item in virtuals}
    real = sorted(entries, key=lambda entry: (not can_chat(entry), entry.deprecated))
    items = [*virtuals, *make_picker_items([entry for entry in real if entry.id not in names])]
    return with_typed_text(make_search(items))


def make_conversation_search(conversations: Sequence[Conversation], now: datetime) -> Search:
    """Fuzzy over titles, newest first."""
    items = []
    for conversation in conversations:
        when = age((now - conversation.updated_at).total_seconds())
        detail = Content.assemble(
            (f"{when:>14}  ", "$ink-soft"), identifier(conversation.model, "$ink-faint")
        )
        items.append(PickerItem(conversation.id, conversation.title, detail))
    return make_search(items)
