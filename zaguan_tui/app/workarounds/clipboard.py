"""Copies without secrets and control sequences, whoever makes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from textual.app import App

from zaguan_tui.text.sanitize import clean
from zaguan_tui.text.surrogates import repair

Result = TypeVar("Result")


class SafeClipboard(App[Result]):
    """An app that copies nothing as it is: ``redact_copy`` takes secrets out, then the text is cleaned.

    Every copy passes here, also Textual's own of selected text, which asks nobody.
    """

    redact_copy: Callable[[str], str] = str

    def copy_to_clipboard(self, text: str) -> None:
        """Send ``text`` to the terminal's clipboard, without secrets and harmless where it is pasted."""
        super().copy_to_clipboard(repair(clean(self.redact_copy(text))))
