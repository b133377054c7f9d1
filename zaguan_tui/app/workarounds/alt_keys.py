"""Alt keys of older terminals: heard from every terminal, and typed into no field."""

from __future__ import annotations

from typing import TypeVar, cast

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.app import App

Result = TypeVar("Result")


class AltKeyApp(App[Result]):
    """An app that hears alt+letter and alt+digit from every terminal, and types nothing for them.

    Older terminals send escape and the character. Of a letter Textual makes an alt key that still carries the
    letter, so that a text field types it; of a digit the character that one keyboard of macOS has there.
    """

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # an app's own arguments, passed on
        for digit in "0123456789":
            cast("dict[str, object]", ANSI_SEQUENCES_KEYS).pop(f"\x1b{digit}", None)

    async def on_event(self, event: events.Event) -> None:
        """An alt key is no text."""
        if isinstance(event, events.Key) and event.key.startswith("alt+"):
            event.character = None
        await super().on_event(event)
