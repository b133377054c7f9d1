"""The one line of figures under an answer: it never wraps, what matters least gives way to a small width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget

GAP = Content.styled(" · ", "$ink-faint")


@dataclass(frozen=True, slots=True)
class Figure:
    """One field of the line. The higher the ``rank``, the sooner it gives way."""

    content: Content
    rank: int = 0


def fit_figures(figures: Sequence[Figure], width: int) -> Content:
    """The figures in their order in at most ``width`` cells; those of the lowest rank always stay."""
    ranks = sorted({figure.rank for figure in figures}, reverse=True)
    line = Content("")
    for most in ranks:
        line = GAP.join([figure.content for figure in figures if figure.rank <= most])
        if line.rstrip().cell_length <= width:
            break
    return line.truncate(max(0, width), ellipsis=True)


class StatusLine(Widget):
    """Draws figures on one line, as many as its width allows."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id, classes="foot")
        self._figures: tuple[Figure, ...] = ()

    def show(self, figures: Sequence[Figure]) -> None:
        """Show these from now on."""
        self._figures = tuple(figures)
        self.refresh()

    def render(self) -> Content:
        """What fits."""
        return fit_figures(self._figures, self.content_size.width)
