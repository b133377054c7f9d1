"""The picker of models. It follows the catalogue, so that models which come late appear while it is open."""

from __future__ import annotations

from collections.abc import Callable

from zaguan_tui.screens.playground.finding import model_search
from zaguan_tui.screens.playground.models import COLUMNS
from zaguan_tui.state.model_entry import ModelCatalogue, ModelEntry
from zaguan_tui.state.models import ModelsState
from zaguan_tui.state.store import Snapshot
from zaguan_tui.widgets.picker import Picker


class ModelPicker(Picker):
    """Dismisses with the id of a model. ``why_none`` says why there is none to choose."""

    def __init__(self, models: ModelsState, current: str | None, why_none: Callable[[], str]) -> None:
        self._models, self._why_none = models, why_none
        self._entries: tuple[ModelEntry, ...] = models.catalogue.entries
        super().__init__(
            "Model",
            model_search(self._entries),
            total=len(self._entries),
            current=current,
            empty="" if self._entries else why_none(),
            columns=COLUMNS,
        )

    def on_mount(self) -> None:  # Textual calls the handlers of all classes: no super here
        """Follow the catalogue for as long as the sheet is open."""
        self._unwatch = self._models.store.watch(self._models_came, now=False)

    def on_unmount(self) -> None:
        """Watch no more."""
        self._unwatch()

    def _models_came(self, _snapshot: Snapshot[ModelCatalogue]) -> None:
        entries = self._models.catalogue.entries
        if entries and entries == self._entries:
            return
        self._entries = entries
        empty = "" if entries else self._why_none()
        self.offer(model_search(entries), total=len(entries), empty=empty)
