"""The half of the room that tunes: parameters, tools, formats, dialect, presets, virtual models."""

from __future__ import annotations

from textual import work
from textual.content import Content

from zaguan_tui.screens.chat.models.default_model import can_chat
from zaguan_tui.screens.chat.models.virtual_lines import format_virtual_mark
from zaguan_tui.screens.playground.asking import AskingRoom
from zaguan_tui.state.chat.dialects import find_unsupported
from zaguan_tui.state.chat.message import Dialect
from zaguan_tui.state.chat.parameters.summary import summarize_parameters
from zaguan_tui.state.chat.parameters.support import find_not_sent
from zaguan_tui.state.core.store import Snapshot
from zaguan_tui.state.models.entry import ModelCatalogue, ModelEntry
from zaguan_tui.widgets.foreign_text import foreign_line

SHOWN = 6
MAX_WIDTH = 36


class TuningRoom(AskingRoom):
    """A room whose prompts have parameters. Subclasses draw what was set."""

    def on_mount(self) -> None:
        """Know the virtual models as soon as there are models, and show what is known of them."""
        self.follow(self.app_state.models.store, self._ask_for_virtual_models)
        self.follow(self.app_state.virtual_models.store, lambda _snapshot: self._draw_model())

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_parameters(self) -> None:
        """Set how the next prompts are asked."""
        from zaguan_tui.screens.chat.parameters.sheet import ParameterChoice, ParametersSheet

        chat_session = self.chat_session
        before = ParameterChoice(chat_session.model, chat_session.dialect, chat_session.params)
        sheet = ParametersSheet(before, self._entry_of, self._chatting, self.app_state.library)
        after = await self.app.push_screen_wait(sheet)
        if after is None or after == before:
            return
        with self._telling("The parameters could not be changed."):
            await chat_session.set_params(after.params)
            if after.dialect is not before.dialect:
                await chat_session.set_dialect(after.dialect)
            if after.model is not None and after.model != before.model:
                await chat_session.choose_model(after.model)
        self._draw_model()

    @work(group="model", exclusive=True, exit_on_error=False)
    async def action_toggle_dialect(self) -> None:
        """Put prompts in the other dialect, and say what it has no word for."""
        chat_session = self.chat_session
        other = Dialect.MESSAGES if chat_session.dialect is Dialect.CHAT else Dialect.CHAT
        with self._telling("The dialect could not be changed."):
            await chat_session.set_dialect(other)
        self._draw_model()
        path = "/v1/messages" if other is Dialect.MESSAGES else "/v1/chat/completions"
        gone = find_unsupported(chat_session.params, other)
        lost = f" Not sent in this dialect: {', '.join(gone)}." if gone else ""
        self.notify(f"Prompts go to {path} now.{lost}", markup=False)

    def _tuned(self) -> list[Content]:
        """What stands beside the model: what it is, the dialect, what was set, what is not sent."""
        chat_session = self.chat_session
        entry = chat_session.entry
        gone = find_not_sent(chat_session.params, entry, chat_session.dialect)
        sent = {name: value for name, value in chat_session.params.items() if name not in gone}
        virtual = format_virtual_mark(chat_session.model or "", self.app_state.virtual_models)
        parts = [] if virtual is None else [virtual]
        if chat_session.dialect is Dialect.MESSAGES:
            parts.append(Content.styled("messages", "$primary"))
        words = summarize_parameters(sent)
        parts += [foreign_line(word, "$foreground", MAX_WIDTH) for word in words[:SHOWN]]
        if len(words) > SHOWN:
            parts.append(Content.styled(f"{len(words) - SHOWN} more", "$ink-soft"))
        if gone:
            parts.append(foreign_line(f"⊘ not sent: {', '.join(gone)}", "$warning", 2 * MAX_WIDTH))
        return parts

    def _draw_model(self) -> None:
        """Show the model and how it is asked."""
        raise NotImplementedError

    def _entry_of(self, model: str) -> ModelEntry | None:
        models = self.app_state.models
        return models.entry(model) or self.app_state.virtual_models.entry(model, models.catalogue)

    def _chatting(self) -> list[ModelEntry]:
        return [entry for entry in self.app_state.models.catalogue.entries if can_chat(entry)]

    def _ask_for_virtual_models(self, snapshot: Snapshot[ModelCatalogue]) -> None:
        if snapshot.value is not None and self.app_state.virtual_models.due:
            self._read_virtual_models()

    @work(group="virtual", exit_on_error=False)
    async def _read_virtual_models(self) -> None:
        await self.app_state.virtual_models.refresh()
