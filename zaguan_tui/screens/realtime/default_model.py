"""Model of the next realtime session: which models seem to support it, the default, the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual.content import Content

from zaguan_tui.state.models.entry import ModelEntry
from zaguan_tui.text.cells import left, right
from zaguan_tui.text.format import compact, usd
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.widgets.match_list import PickerItem, Search, make_search, with_typed_text

COLUMNS: Final = f"{'band':<4}{'context':>8}{'$ per M in / out':>18}"
_NAMES: Final = ("realtime", "-live-", "native-audio")


@dataclass(slots=True)
class NextSession:
    """The session that connecting begins; without a model there is none yet."""

    model: str | None = None


def supports_realtime(entry: ModelEntry) -> bool:
    """Whether the gateway or the name says so: a guess, which refuses no model."""
    name = entry.id.rpartition("/")[2].casefold()
    return any("realtime" in feature.casefold() for feature in entry.features) or any(
        word in name for word in _NAMES
    )


def choose_default_model(entries: Sequence[ModelEntry]) -> str | None:
    """The model to begin with: one named for it and not deprecated, if there is one."""
    fitting = [entry for entry in entries if supports_realtime(entry)]
    fitting.sort(key=lambda entry: (entry.deprecated, "realtime" not in entry.id.casefold(), len(entry.id)))
    return fitting[0].id if fitting else None


def make_realtime_search(entries: Sequence[ModelEntry]) -> Search:
    """Fuzzy over model ids, those that seem to hold sessions first."""
    ordered = sorted(entries, key=lambda entry: (not supports_realtime(entry), entry.deprecated))
    return with_typed_text(make_search([PickerItem(entry.id, entry.id, _detail(entry)) for entry in ordered]))


def _detail(entry: ModelEntry) -> Content:
    price = "–" if entry.input_cost is None else f"{usd(entry.input_cost)} / {usd(entry.output_cost)}"
    fits = supports_realtime(entry)
    return Content.assemble(
        (left(clean_line(entry.band or "–"), 4), "$ink-soft"),
        (right(compact(entry.context or None), 8), "$ink-soft"),
        (right(price if fits else "not realtime?", 18), "$ink-soft"),
    )
