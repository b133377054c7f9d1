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
    def _link_clicked(self, event: Markdown.LinkClicked) -> None:
        """A link a model wrote opens nothing: it is shown as it is, and can be pasted."""
        event.stop()
        self._show_link(event.href)

    @on(RenderedBlock.LinkClicked)
    def _picture_clicked(self, event: RenderedBlock.LinkClicked) -> None:
        event.stop()
        self._show_link(event.href)

    def _show_link(self, href: str) -> None:
        self.app.copy_to_clipboard(clean_line(href))
        shown = reveal(clean_line(href, SHOWN_LINK))
        self.notify(shown, title="Nothing was opened. Sent to the terminal's clipboard:", markup=False)
