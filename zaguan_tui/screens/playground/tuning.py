"""The half of the room that tunes: parameters, tools, formats, dialect, presets, virtual models."""

from __future__ import annotations

from textual import work
from textual.content import Content

from zaguan_tui.screens.playground.asking import AskingRoom
from zaguan_tui.screens.playground.choice import can_chat
from zaguan_tui.screens.playground.virtuals import virtual_mark
from zaguan_tui.state.dialects import dropped
from zaguan_tui.state.message import Dialect
from zaguan_tui.state.model_entry import ModelCatalogue, ModelEntry
from zaguan_tui.state.parameters.ability import not_sent
from zaguan_tui.state.parameters.summary import summary
from zaguan_tui.state.store import Snapshot
from zaguan_tui.widgets.content import foreign_line

SHOWN = 6
WIDEST = 36


class TuningRoom(AskingRoom):
    """A room whose prompts have parameters. Subclasses draw what was set."""

    def on_mount(self) -> None:
        """Know the virtual models as soon as there are models, and show what is known of them."""
        self.follow(self.house.models.store, self._ask_for_virtual_models)
        self.follow(self.house.virtual_models.store, lambda _snapshot: self._draw_model())

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_parameters(self) -> None:
        """Set how the next prompts are asked."""
        from zaguan_tui.screens.playground.parameters.sheet import ParametersSheet, Tuning

        desk = self.desk
        before = Tuning(desk.model, desk.dialect, desk.params)
        sheet = ParametersSheet(before, self._entry_of, self._chatting, self.house.library)
        after = await self.app.push_screen_wait(sheet)
        if after is None or after == before:
            return
        with self._telling("The parameters could not be changed."):
            await desk.set_params(after.params)
            if after.dialect is not before.dialect:
                await desk.set_dialect(after.dialect)
            if after.model is not None and after.model != before.model:
                await desk.choose_model(after.model)
        self._draw_model()

    @work(group="model", exclusive=True, exit_on_error=False)
    async def action_toggle_dialect(self) -> None:
        """Put prompts in the other dialect, and say what it has no word for."""
        desk = self.desk
        other = Dialect.MESSAGES if desk.dialect is Dialect.CHAT else Dialect.CHAT
        with self._telling("The dialect could not be changed."):
            await desk.set_dialect(other)
        self._draw_model()
        path = "/v1/messages" if other is Dialect.MESSAGES else "/v1/chat/completions"
        gone = dropped(desk.params, other)
        lost = f" Not sent in this dialect: {', '.join(gone)}." if gone else ""
        self.notify(f"Prompts go to {path} now.{lost}", markup=False)

    def _tuned(self) -> list[Content]:
        """What stands beside the model: what it is, the dialect, what was set, what is not sent."""
        desk = self.desk
        entry = desk.entry
        gone = not_sent(desk.params, entry, desk.dialect)
        sent = {name: value for name, value in desk.params.items() if name not in gone}
        virtual = virtual_mark(desk.model or "", self.house.virtual_models)
        parts = [] if virtual is None else [virtual]
        if desk.dialect is Dialect.MESSAGES:
            parts.append(Content.styled("messages", "$primary"))
        words = summary(sent)
        parts += [foreign_line(word, "$foreground", WIDEST) for word in words[:SHOWN]]
        if len(words) > SHOWN:
            parts.append(Content.styled(f"{len(words) - SHOWN} more", "$ink-soft"))
        if gone:
            parts.append(foreign_line(f"⊘ not sent: {', '.join(gone)}", "$warning", 2 * WIDEST))
        return parts

    def _draw_model(self) -> None:
        """Show the model and how it is asked."""
        raise NotImplementedError

    def _entry_of(self, model: str) -> ModelEntry | None:
        models = self.house.models
        return models.entry(model) or self.house.virtual_models.entry(model, models.catalogue)

    def _chatting(self) -> list[ModelEntry]:
        return [entry for entry in self.house.models.catalogue.entries if can_chat(entry)]

    def _ask_for_virtual_models(self, snapshot: Snapshot[ModelCatalogue]) -> None:
        if snapshot.value is not None and self.house.virtual_models.due:
            self._read_virtual_models()

    @work(group="virtual", exit_on_error=False)
    async def _read_virtual_models(self) -> None:
        await self.house.virtual_models.refresh()
