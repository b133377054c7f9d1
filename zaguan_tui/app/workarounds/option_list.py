"""Page up, page down and clicks in an option list that was not laid out since its options were replaced.

Textual looks the highlighted option up among the lines it has laid out and raises ``KeyError`` when there are
none, as in an empty palette; a click on a line of an option that is gone raises ``IndexError``. Here nothing
happens.
"""

from __future__ import annotations

from textual.events import Click
from textual.widgets import OptionList

_move_page = OptionList._move_page
_on_click = OptionList._on_click


def _move_page_if_laid_out(options: OptionList, direction: int) -> None:
    if (options.highlighted or 0) in options._index_to_line and options._lines:
        _move_page(options, direction)  # type: ignore[arg-type]  # -1 or 1


async def _click_if_there(options: OptionList, event: Click) -> None:
    if event.style.meta.get("option", -1) < options.option_count:
        await _on_click(options, event)


def repair_option_list() -> None:
    """Make every option list, also those inside Textual's own widgets, safe to page through and to click."""
    OptionList._on_click = _click_if_there  # type: ignore[method-assign, assignment]
    OptionList._move_page = _move_page_if_laid_out  # type: ignore[method-assign, assignment]
