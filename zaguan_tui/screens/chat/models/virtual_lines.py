"""Virtual models as the picker and the line above the conversation show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from zaguan_tui.widgets.foreign_text import foreign_line, identifier
from zaguan_tui.widgets.match_list import PickerItem

if TYPE_CHECKING:
    from zaguan_tui.client.types.models.virtual_models import VirtualModel
    from zaguan_tui.state.models.virtual_models import VirtualModelsState

SHOWN = 4
IN_TURN = frozenset({"priority", "fallback"})
"""Strategies in which a model is asked only when the one before it fails."""


def make_virtual_items(virtuals: VirtualModelsState) -> list[PickerItem]:
    """One line a virtual model: its id, how it chooses, and among which models."""
    return [PickerItem(one.id, one.id, _detail(one, virtuals.route(one.id))) for one in virtuals.all]


def format_virtual_mark(model: str, virtuals: VirtualModelsState) -> Content | None:
    """That a model is virtual, for the line above the conversation."""
    virtual = virtuals.find(model)
    if virtual is None:
        return None
    route = virtuals.route(model)
    where = identifier(route[0], "$ink-soft") if len(route) == 1 else Content(f"{len(route)} models")
    return Content.assemble(("virtual", "$primary"), (" → ", "$ink-faint"), where)


def _detail(virtual: VirtualModel, route: Sequence[str]) -> Content:
    if virtual.enabled is False:
        return Content.assemble(("virtual  ", "$primary"), ("⊘ switched off", "$ink-faint"))
    how = foreign_line(virtual.strategy or "alias", "$ink-faint", 20)
    return Content.assemble(("virtual  ", "$primary"), how, (": ", "$ink-faint"), _route(virtual, route))


def _route(virtual: VirtualModel, route: Sequence[str]) -> Content:
    """The models it may end up at: an arrow where one comes after the other, else a stroke."""
    between = Content.styled(" → " if virtual.strategy in IN_TURN else " | ", "$ink-faint")
    names = [identifier(model, "$ink-soft") for model in route[:SHOWN]]
    more = f" and {len(route) - SHOWN} more" if len(route) > SHOWN else ""
    return Content.assemble(between.join(names), (more, "$ink-faint"))
