"""Links that a model wrote open nothing: they are shown as they are, and can be pasted."""

from __future__ import annotations

from textual import on
from textual.containers import Vertical
from textual.widgets import Markdown

from zaguan_tui.screens.chat.answers.rendered_block import RenderedBlock
from zaguan_tui.text.sanitize import clean_line, reveal

SHOWN_LINK = 300


class HarmlessLinks(Vertical):
    """Holds texts with links in them."""

    @on(Markdown.LinkClicked)
    @on(RenderedBlock.LinkClicked)
    def _show_link(self, event: Markdown.LinkClicked | RenderedBlock.LinkClicked) -> None:
        """A link a model wrote opens nothing: it is shown as it is, and can be pasted."""
        event.stop()
        self.app.copy_to_clipboard(clean_line(event.href))
        shown = reveal(clean_line(event.href, SHOWN_LINK))
        self.notify(shown, title="Nothing was opened. Sent to the terminal's clipboard:", markup=False)
