"""Page up and page down in an option list that is not laid out yet: nothing to move over, so nothing happens.

Textual looks the highlighted option up among the lines it has laid out and raises ``KeyError`` when there are
none, as in an empty palette or right after the options were replaced.
"""

from __future__ import annotations

from textual.widgets import OptionList

_move_page = OptionList._move_page


def _move_page_if_laid_out(options: OptionList, direction: int) -> None:
    if (options.highlighted or 0) in options._index_to_line and options._lines:
        _move_page(options, direction)  # type: ignore[arg-type]  # -1 or 1


def repair_option_list() -> None:
    """Make every option list, also those inside Textual's own widgets, safe to page through."""
    OptionList._move_page = _move_page_if_laid_out  # type: ignore[method-assign, assignment]
