"""Where we go round Textual 8.2, and nowhere else.

Each detour names its reason and has a test that notices when the road is repaired
(``tests/test_workarounds.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.app import App
from textual.cache import LRUCache
from textual.css.stylesheet import Stylesheet

from zaguan_tui.text.sanitize import clean
from zaguan_tui.text.surrogates import repair

Result = TypeVar("Result")

MOST_SOURCES = 512


class QuietCrash(App[Result]):
    """An app that ends with exit code 1 and its error in :attr:`fault`, and prints nothing.

    Textual prints a traceback with all local variables when an app fails; ours may hold keys. The error goes
    to whoever started the app instead.
    """

    fault: Exception | None = None

    def _handle_exception(self, error: Exception) -> None:
        self._return_code = 1
        if self.fault is None:
            self.fault = error
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()


class WholeAlt(App[Result]):
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


class SafeClipboard(App[Result]):
    """An app that copies nothing as it is: ``redact_copy`` takes secrets out, then the text is cleaned.

    Every copy passes here, also Textual's own of selected text, which asks nobody.
    """

    redact_copy: Callable[[str], str] = str

    def copy_to_clipboard(self, text: str) -> None:
        """Send ``text`` to the terminal's clipboard, without secrets and harmless where it is pasted."""
        super().copy_to_clipboard(repair(clean(self.redact_copy(text))))


class RememberingStylesheet(Stylesheet):
    """A stylesheet that reads a source again only when the variables changed.

    Textual parses every source anew for every room that is visited for the first time: 10 ms each, three
    times before the first frame. What was parsed with the same variables is still right.
    """

    def __init__(self, *, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._parse_cache = LRUCache(MOST_SOURCES)
        self._parsed_with = dict(variables)

    def reparse(self) -> None:
        """Make the rules from the sources again."""
        if self._variables != self._parsed_with:
            self._parsed_with = dict(self._variables)
            self._parse_cache.clear()
        self.parse()
