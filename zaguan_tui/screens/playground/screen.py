"""The playground room: a conversation above, a prompt below, the model in a line between header and text."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from zaguan_tui.keys import bindings_for
from zaguan_tui.screens.playground.answer import AnswerView
from zaguan_tui.screens.playground.desk import Desk
from zaguan_tui.screens.playground.finding import conversation_search, model_search
from zaguan_tui.screens.playground.models import model_line
from zaguan_tui.screens.playground.prompt import Prompt
from zaguan_tui.screens.playground.transcript import Transcript
from zaguan_tui.screens.room import Room
from zaguan_tui.state import conversation_changes as news
from zaguan_tui.state.model_entry import ModelCatalogue
from zaguan_tui.state.store import Phase, Snapshot
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.widgets.content import foreign

SYSTEM_HELP = "Said to the model before every conversation turn. Empty means none."
SAVE_DRAFT_AFTER_S = 0.5


class PlaygroundRoom(Room):
    """What does this model answer through this gateway, how fast, and how did it end?"""

    NAME = "playground"
    STYLES = "playground.tcss"
    HELP_TEXT = (
        "Write below and press enter. The line under an answer says how it ended, how long the first token took, how "
        "fast it came, how many tokens went in and out, and its request id. Escape stops an answer and keeps what "
        "came; escape again leaves the prompt, so that digits go to the rooms and y copies. Scrolling up stops "
        "following the newest line; end follows again. Drafts and half answers are on disk."
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("playground")]

    def compose_room(self) -> ComposeResult:
        """The model, the conversation, the prompt."""
        yield Static("", id="model-line")
        yield Transcript()
        with Vertical(id="prompt-box", classes="panel"):
            yield Prompt()

    def on_mount(self) -> None:
        """Watch the models and listen to the conversations once they are open."""
        super().on_mount()
        self.desk = Desk(self.house)
        self._news: asyncio.Queue[news.ConversationNotice] = asyncio.Queue()
        self._prompt = self.query_one(Prompt)
        self._transcript = self.query_one(Transcript)
        self.query_one("#prompt-box").border_subtitle = "enter sends · ctrl+j new line"
        self.follow(self.house.models.store, self._show_models)
        self.follow(self.session.ready, self._begin)
        self._prompt.focus()
        self._draw_model()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """The first room that shows models makes them be read."""
        super().on_screen_resume(event)
        self.house.models.set_visible(1)

    def on_screen_suspend(self, _event: events.ScreenSuspend) -> None:
        """No room shows models any more."""
        self.house.models.set_visible(1 if self.is_current else 0)

    def open_link(self, target: str) -> None:
        """``model:openai/gpt-4o`` talks to it, ``chat:conv_…`` opens it."""
        if target.startswith("conv_"):
            self._take(target)
        else:
            self._choose(target)

    def _begin(self, snapshot: Snapshot[bool]) -> None:
        """The store is open: listen, and bring back what was being written."""
        if snapshot.value and not hasattr(self, "_unwatch_news"):
            self._unwatch_news = self.house.conversations.watch(self._news.put_nowait)
            self._listen()
            self._bring_back_draft()

    def on_unmount(self) -> None:
        """Listen no more."""
        super().on_unmount()
        if hasattr(self, "_unwatch_news"):
            self._unwatch_news()

    @work(group="news", exit_on_error=False)
    async def _listen(self) -> None:
        """Take the notices of the conversation on the desk one by one: what is mounted must be mounted in order."""
        while True:
            notice = await self._news.get()
            if notice.__class__ is news.MemoryFailed:
                self.notify(clean_line(notice.sentence), severity="warning", markup=False)  # type: ignore[union-attr]
            elif getattr(notice, "conversation_id", None) == self.desk.id:
                await self._take_in(notice)

    async def _take_in(self, notice: news.ConversationNotice) -> None:
        match notice:
            case news.Delta(message_id=message, text=text, reasoning=reasoning):
                self._transcript.feed(message, text, reasoning)
            case news.TextBecameReasoning(message_id=message):
                self._transcript.text_became_reasoning(message)
            case news.MeterChanged(message_id=message, meter=meter):
                self._transcript.meter(message, meter)
            case news.TurnStarted(prompt=prompt, answer=answer):
                await self._transcript.start(prompt, answer)
                self.refresh_bindings()
            case news.TurnEnded(answer=answer, prompt=prompt_text):
                await self._transcript.end(answer)
                if prompt_text is not None:
                    self._prompt.put_back(prompt_text)
                self.refresh_bindings()

    @on(Prompt.Submitted)
    async def _submitted(self, event: Prompt.Submitted) -> None:
        if self.desk.answering:
            self.notify("An answer is still coming. Escape stops it.", markup=False)
        elif self.desk.model is None:
            self.notify("Pick a model first: ctrl+o.", severity="warning", markup=False)
        else:
            event.prompt.clear_sent()
            self._send(event.text)

    @work(group="turn", exit_on_error=False)
    async def _send(self, text: str) -> None:
        await self.house.conversations.save_draft(self.desk.draft_place, "")
        await self.desk.send(text)

    @work(group="turn", exit_on_error=False)
    async def action_retry(self) -> None:
        """Ask the last question again."""
        if not self.desk.answering and self.desk.conversation is not None:
            await self.desk.retry()

    def action_stop(self) -> None:
        """Stop the answer; when none is coming, leave the prompt."""
        if not self.desk.stop():
            newest = self._transcript.newest
            self.set_focus(newest)

    async def action_new_conversation(self) -> None:
        """Clear the desk."""
        self.desk.start_new()
        await self._transcript.open(None)
        self._prompt.focus()

    def action_pick_model(self) -> None:
        """Choose among all models."""
        from zaguan_tui.widgets.picker import Picker

        entries = self.house.models.catalogue.entries
        empty = "" if entries else self._why_no_models().plain
        picker = Picker("Model", model_search(entries), total=len(entries), current=self.desk.model, empty=empty)
        self.app.push_screen(picker, lambda key: self._choose(key) if key else None)

    @work(group="model", exclusive=True, exit_on_error=False)
    async def _choose(self, model: str) -> None:
        await self.desk.choose_model(model)
        self._draw_model()

    def action_edit_system(self) -> None:
        """Edit the system prompt of this conversation."""
        from zaguan_tui.screens.modals.edit_text import EditText

        sheet = EditText("System prompt", self.desk.system_prompt, SYSTEM_HELP)
        self.app.push_screen(sheet, lambda text: self._set_system(text) if text is not None else None)

    @work(group="model", exclusive=True, exit_on_error=False)
    async def _set_system(self, text: str) -> None:
        await self.desk.set_system_prompt(text)
        self._draw_model()

    @work(group="open", exclusive=True, exit_on_error=False)
    async def action_open_conversation(self) -> None:
        """Choose among earlier conversations."""
        from zaguan_tui.widgets.picker import Picker

        recent = await self.house.conversations.recent()
        search = conversation_search(recent, self.house.clock.now())
        picker = Picker("Conversations", search, total=len(recent), empty="No conversation is kept yet.")
        chosen = await self.app.push_screen_wait(picker)
        if chosen is not None:
            self._take(chosen)

    @work(group="open", exclusive=True, exit_on_error=False)
    async def _take(self, conversation_id: str) -> None:
        try:
            conversation = await self.desk.take(conversation_id)
        except KeyError:
            self.notify("That conversation is not kept any more.", severity="warning", markup=False)
            return
        await self._transcript.open(conversation)
        self._draw_model()
        self._prompt.focus()

    def action_toggle_reasoning(self) -> None:
        """Fold or unfold what the focused (or newest) answer thought."""
        if (answer := self._focused_answer()) is not None:
            answer.toggle_reasoning()

    def action_copy(self) -> None:
        """Copy the focused (or newest) answer."""
        answer = self._focused_answer()
        if answer is not None and answer.copy_text:
            self.app.copy_to_clipboard(answer.copy_text)
            self.notify(f"Sent {len(answer.copy_text):,} characters to the terminal's clipboard.", markup=False)

    def _focused_answer(self) -> AnswerView | None:
        return self.focused if isinstance(self.focused, AnswerView) else self._transcript.newest

    @on(TextArea.Changed, "#prompt")
    def _draft_changed(self) -> None:
        self._save_draft(self.desk.draft_place, self._prompt.text)

    @work(group="draft", exclusive=True, exit_on_error=False)
    async def _save_draft(self, place: str, text: str) -> None:
        await asyncio.sleep(SAVE_DRAFT_AFTER_S)
        if self.house.conversations is not None:
            await self.house.conversations.save_draft(place, text)

    @work(group="draft-back", exclusive=True, exit_on_error=False)
    async def _bring_back_draft(self) -> None:
        self._prompt.put_back(await self.house.conversations.read_draft(self.desk.draft_place))

    def _show_models(self, _snapshot: Snapshot[ModelCatalogue]) -> None:
        self.desk.choose_first_model()
        self._draw_model()

    def _draw_model(self) -> None:
        model = self.desk.model
        if model is None and not self.house.models.catalogue.entries:
            line = self._why_no_models()
        else:
            entry = self.house.models.entry(model) if model else None
            line = model_line(model, entry, self.desk.system_prompt)
        self.query_one("#model-line", Static).update(line)

    def _why_no_models(self) -> Content:
        snapshot = self.house.models.store.snapshot
        if snapshot.phase is Phase.FIRST_LOAD or snapshot.problem is None:
            return Content.styled("Asking the gateway for its models …", "$ink-soft")
        problem = snapshot.problem
        return Content.assemble(
            ("✖ ", "$error"), foreign(problem.sentence, "$foreground"), " ", foreign(problem.next_step, "$ink-soft")
        )


