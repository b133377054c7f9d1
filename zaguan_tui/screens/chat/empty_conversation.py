"""The empty conversation: suggestions for a first prompt, and the main keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

SUGGESTIONS = (
    "What does a circuit breaker in front of a provider do?",
    "Write a Python function that retries with backoff and jitter.",
    "Compare TCP, QUIC and WebSockets in a small table.",
    "List ten ways to make calls to a language model cheaper.",
)

KEY_LINES = (
    ("enter", "sends, and the answer streams"),
    ("esc", "stops it and keeps what came"),
    ("ctrl+o", "picks another model"),
    ("ctrl+r", "opens an earlier conversation"),
)
KEY_COLUMN = 8


class Suggestion(Static):
    """One suggestion."""

    ALLOW_SELECT: ClassVar[bool] = False

    @dataclass
    class Picked(Message):
        """A suggestion was clicked."""

        text: str

    def __init__(self, text: str) -> None:
        super().__init__(classes="suggestion")
        self.suggested = text

    def on_mount(self) -> None:
        """Nothing is picked yet."""
        self.mark(picked=False)

    def mark(self, *, picked: bool) -> None:
        """Show whether this is what stands in the prompt."""
        self.set_class(picked, "-picked")
        self.update(Content.styled(self.suggested, "$ink-strong" if picked else "$foreground"))

    def on_click(self, _event: events.Click) -> None:
        """A click picks it."""
        self.post_message(self.Picked(self.suggested))


class EmptyConversation(Vertical):
    """Stands where the conversation will be. ``tab`` in the prompt walks through the suggestions."""

    def compose(self) -> ComposeResult:
        """Suggestions first, then the keys."""
        yield Static(
            Content.assemble(
                ("Try one of these: ", "$ink-soft"), ("tab", "bold $primary"), "", (" picks", "$ink-soft")
            ),
            classes="greeting-head",
        )
        for text in SUGGESTIONS:
            yield Suggestion(text)
        yield Static(
            Content("\n").join(_key_line(key, what) for key, what in KEY_LINES), classes="greeting-keys"
        )
        yield Static(Content.styled("Everything is saved while it streams.", "$ink-soft"))

    def show_picked(self, text: str) -> None:
        """Mark the suggestion that stands in the prompt, if one does."""
        for suggestion in self.query(Suggestion):
            suggestion.mark(picked=suggestion.suggested == text)


def _key_line(key: str, what: str) -> Content:
    return Content.assemble((key.ljust(KEY_COLUMN), "bold $primary"), (what, "$ink-soft"))
