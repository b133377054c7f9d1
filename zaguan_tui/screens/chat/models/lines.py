"""The models as the picker and the line above the conversation show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from zaguan_tui.features.feature import PaletteItem
from zaguan_tui.screens.chat.models.default_model import can_chat
from zaguan_tui.screens.common.connection_info import ConnectionInfo, Session
from zaguan_tui.state.core.store import Phase
from zaguan_tui.state.models.entry import ModelEntry
from zaguan_tui.text.cells import left, right
from zaguan_tui.text.format import compact, usd
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.widgets.foreign_text import foreign, foreign_line, identifier
from zaguan_tui.widgets.match_list import PickerItem

if TYPE_CHECKING:
    from zaguan_tui.state.app_state import AppState

DOT = Content.styled(" · ", "$ink-faint")
FREE = "free"
TYPE_AN_ID = "ctrl+o takes the id of a model that you type."
COLUMNS = f"{'band':<4}{'context':>8}{'$ per M in / out':>18}"
"""Heading of the columns of :func:`make_picker_items`."""


def list_palette_items(app_state: AppState) -> Iterator[PaletteItem]:
    """The models one can chat with, for the palette."""
    for entry in app_state.models.catalogue.entries:
        yield PaletteItem(f"Chat with {entry.id}", "model", f"model:{entry.id}")


def make_picker_items(entries: Sequence[ModelEntry]) -> list[PickerItem]:
    """One line a model: id, then band, context and price; of one that seems not to chat, that it does not."""
    return [PickerItem(entry.id, entry.id, _detail(entry)) for entry in entries]


def format_model_line(
    model: str | None, entry: ModelEntry | None, system_prompt: str, tuned: Sequence[Content] = ()
) -> Content:
    """The line above the conversation: which model, how it is asked, what it takes and costs, which system
    prompt."""
    if model is None:
        return Content.styled("No model yet. ctrl+o picks one.", "$ink-soft")
    parts = [identifier(model, "bold $ink-strong"), *tuned]
    if entry is not None:
        parts += format_model_facts(entry)
    if system_prompt.strip():
        parts.append(
            Content.assemble(("system: ", "$ink-faint"), foreign_line(system_prompt, "$ink-soft", 40))
        )
    return DOT.join(parts)


def explain_missing_models(session: Session) -> Content:
    """Why there is no model to choose: no gateway, not read yet, or what went wrong."""
    snapshot = session.app_state.models.store.snapshot
    problem = snapshot.problem
    if not (session.frame.snapshot.value or ConnectionInfo()).configured:
        return Content.styled("No gateway is connected, so there is no model to talk to yet.", "$ink-soft")
    if problem is None:
        return Content.styled("Asking the gateway for its models …", "$ink-soft")
    sentence = foreign(problem.sentence, "$foreground")
    words = [sentence, foreign(problem.next_step, "$ink-soft")]
    if snapshot.phase is Phase.ABSENT:  # what to do comes first: the address in the sentence may be long
        words = [Content(TYPE_AN_ID), sentence]
    return Content(" ").join([Content.styled("✖", "$error"), *words])


def _detail(entry: ModelEntry) -> Content:
    context = right(compact(entry.context or None), 8)
    price = right(_price(entry) if can_chat(entry) else "not for chat?", 18)
    band = left(clean_line(entry.band or "–"), 4)
    return Content.assemble(
        (band, "$ink-soft"), (context, "$ink-soft"), (price, "$ink-soft"), _deprecation_mark(entry)
    )


def format_model_facts(entry: ModelEntry) -> list[Content]:
    """Band, context and price of a model, where known."""
    facts = []
    if entry.band is not None:
        facts.append(Content.assemble(("band ", "$ink-faint"), foreign_line(entry.band, "$ink-soft", 12)))
    if entry.context:
        facts.append(Content.assemble((compact(entry.context), "$ink-soft"), (" context", "$ink-faint")))
    if entry.input_cost is not None:
        unit = "" if _price(entry) == FREE else " per M"
        facts.append(Content.assemble((_price(entry), "$ink-soft"), (unit, "$ink-faint")))
    if entry.deprecated:
        facts.append(Content.styled("deprecated", "$warning"))
    return facts


def _price(entry: ModelEntry) -> str:
    if entry.input_cost is None:
        return "–"
    if not entry.input_cost and not entry.output_cost:
        return FREE
    return f"{usd(entry.input_cost)} / {usd(entry.output_cost)}"


def _deprecation_mark(entry: ModelEntry) -> Content:
    return Content.styled("  deprecated", "$warning") if entry.deprecated else Content("")
