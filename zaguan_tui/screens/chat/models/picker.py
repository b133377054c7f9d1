"""The picker of models. It follows the catalogue, so that models which come late appear while it is open."""

from __future__ import annotations

from collections.abc import Callable

from zaguan_tui.screens.chat.finders import make_model_search
from zaguan_tui.screens.chat.models.lines import COLUMNS
from zaguan_tui.screens.chat.models.virtual_lines import make_virtual_items
from zaguan_tui.state.app_state import AppState
from zaguan_tui.widgets.picker import Picker
from zaguan_tui.widgets.watching import watcher_of


class ModelPicker(Picker):
    """Dismisses with the id of a model, a virtual one perhaps. ``why_none`` says why there is none."""

    def __init__(self, app_state: AppState, current: str | None, why_none: Callable[[], str]) -> None:
        self._models, self._virtuals, self._why_none = app_state.models, app_state.virtual_models, why_none
        self._shown = (self._models.catalogue.entries, self._virtuals.all)
        super().__init__(
            "Model",
            make_model_search(self._shown[0], make_virtual_items(self._virtuals)),
            total=self._count_all(),
            current=current,
            empty="" if self._count_all() else why_none(),
            columns=COLUMNS,
        )

    def on_mount(self) -> None:  # Textual calls the handlers of all classes: no super here
        """Follow the catalogue for as long as the sheet is open."""
        stores = (self._models.store, self._virtuals.store)
        came: Callable[[object], None] = watcher_of(self, lambda _snapshot: self._came())
        self._unsubscribe = [store.watch(came, now=False) for store in stores]

    def on_unmount(self) -> None:
        """Watch no more."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()

    def _count_all(self) -> int:
        entries, virtuals = self._shown
        return len({entry.id for entry in entries} | {virtual.id for virtual in virtuals})

    def _came(self) -> None:
        present = (self._models.catalogue.entries, self._virtuals.all)
        if present[0] and present == self._shown:
            return
        self._shown = present
        empty = "" if self._count_all() else self._why_none()
        search = make_model_search(present[0], make_virtual_items(self._virtuals))
        self.offer(search, total=self._count_all(), empty=empty)
