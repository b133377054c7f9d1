"""Foreign text: what comes from a model, a server or a file becomes literal, harmless content.

Textual reads markup in most widgets and lets escape sequences through in all of them, so nothing foreign may
reach a widget as a plain ``str``. ``foreign`` is for widgets that take :class:`Content`, ``cell`` for the
Rich text that table cells want.
"""

from __future__ import annotations

from rich.text import Text
from textual.content import Content

from zaguan_tui.text.sanitize import clean, clean_line, reveal


def foreign(text: str | None, style: str = "") -> Content:
    """Many lines of foreign text, literal; ``None`` becomes the dash for "unknown"."""
    return Content.styled(clean(text), style) if text is not None else Content.styled("–", "$ink-faint")


def foreign_line(text: str | None, style: str = "", limit: int | None = None) -> Content:
    """Foreign text on one line, cut with an ellipsis after ``limit`` cells."""
    if text is None:
        return Content.styled("–", "$ink-faint")
    return Content.styled(clean_line(text, limit), style)


def identifier(text: str | None, style: str = "") -> Content:
    """An id or a host, with characters that could deceive made visible."""
    return Content.styled(reveal(text), style) if text is not None else Content.styled("–", "$ink-faint")


def cell(text: str | None, style: str = "", *, right: bool = False) -> Text:
    """Foreign text for a table cell. Rich styles only: ``$variables`` mean nothing to it."""
    return Text(clean_line(text) if text is not None else "–", style, justify="right" if right else "left")
