"""The comparing room: how it is asked, the prompt, the lanes, the ranking, and below a place to write."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.answers.status_line import StatusLine
from zaguan_tui.screens.chat.drafts import DraftKeeper
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.common.connection_info import ScreenOptions
from zaguan_tui.screens.compare.keeping import KeepingRoom
from zaguan_tui.screens.compare.lane_grid_view import LaneGridView
from zaguan_tui.screens.compare.listener import ComparisonListener
from zaguan_tui.screens.compare.ranking_view import RankingView
from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.chat.stream_meter import MeterReading
from zaguan_tui.state.comparison.comparison import Comparison
from zaguan_tui.state.core.store import Snapshot


class CompareScreen(KeepingRoom):
    """Which of these models answers best, how fast, at what cost, and how surely?"""

    NAME = "compare"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("compare")]

    def compose_screen(self) -> ComposeResult:
        """The setup, the prompt that was put, the lanes, the ranking, the prompt to come."""
        self.comparison = Comparison(self.app_state, self._entry_of)
        self._meters: dict[str, MeterReading] = {}
        yield StatusLine(id="setup-line")
        yield Static("", id="asked")
        yield LaneGridView()
        yield RankingView()
        with Vertical(id="prompt-box", classes="panel"):
            enter_sends = isinstance(self.app, ScreenOptions) and self.app.options.enter_sends
            yield Prompt(self._submit, enter_sends=enter_sends)

    def on_mount(self) -> None:
        """Watch the models, and listen to the conversations once they are open."""
        self.query_one("#prompt-box").border_subtitle = self._prompt.how_to_send
        self._prompt.placeholder = "Ask all of them something …"
        self.set_class(self.app.size.height < 30, "-without-ranking")
        self._drafts = DraftKeeper(self.app_state, self.comparison, self._prompt)
        self.follow(self.app_state.models.store, self._models_came)
        self.follow(self.app_state.virtual_models.store, lambda _snapshot: self._draw())
        self.follow(self.app_state.credits.store, lambda _snapshot: self._estimate_cost())
        self.follow(self.session.ready, self._begin)
        self._prompt.focus()
        self._draw()

    @on(events.Unmount)
    async def _keep_the_last_words(self) -> None:
        """What was typed last is kept: the session closes after its rooms."""
        await self._drafts.flush()
        if self._listener is not None:
            self._listener.close()

    def shown(self) -> None:
        """Take over what the chat was about to ask."""
        draft_handoff, self.app_state.draft_handoff = self.app_state.draft_handoff, None
        self._take_over(draft_handoff)

    def open_link(self, target: str) -> None:
        """``comparison:conv_…`` opens it."""
        self._take(target)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape shows all lanes, else stops them, else leaves the prompt; letters vote when it is time."""
        if action in ("shrink", "stop", "leave"):
            running = self.comparison.progress is not None
            means = "shrink" if self._board.enlarged else "stop" if running else "leave"
            return action == means and (action != "leave" or self.focused is self._prompt)
        if action == "vote_letter":
            place = "abcdef".index(str(parameters[0]))
            return self._vote_due and place < len(self._board.lanes)
        if action == "stop_lane":
            return self.comparison.progress is not None
        if action == "vote":
            return self.comparison.progress is None and self._turn is not None
        return super().check_action(action, parameters)

    def _begin(self, snapshot: Snapshot[bool]) -> None:
        """The store is open: listen."""
        if snapshot.value and self._listener is None:
            self._listener = ComparisonListener(
                self.app_state.conversations, self.comparison, self._board, self, self._drafts.sent
            )
            self._listen(self._listener)

    @work(group="listen", exclusive=True, exit_on_error=False)
    async def _listen(self, listener: ComparisonListener) -> None:
        await self._drafts.begin()
        await listener.run()

    async def began(self) -> None:
        """A run began: its answers stand in the lanes now, unless another run is being read."""
        await self._look()

    def as_shown(self, answer: Message) -> Message:
        """An answer as it may be seen at this moment."""
        return self._as_shown(answer)

    def measured(self, message_id: str, meter: MeterReading) -> None:
        """The figures of an answer moved."""
        self._meters[message_id] = meter
        self._rank_soon()

    def changed(self) -> None:
        """An answer is over, or something was learned of one."""
        self._rank_soon()
        self.refresh_bindings()

    def warned(self, sentence: str) -> None:
        """Something could not be kept."""
        self._warn(sentence)

    @on(TextArea.Changed, "#prompt")
    def _written(self) -> None:
        """Let typing go first, and bring the draft to disk soon."""
        self._board.pause_painting()
        self._drafts.written()
