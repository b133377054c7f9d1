"""First run: the sheet that connects to a gateway by address and key, or starts the sandbox."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Checkbox, Input, Static
from textual.worker import Worker, WorkerState

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.common.connection_info import UNENCRYPTED, NewConnection, Session
from zaguan_tui.screens.modals.confirm import confirm_unencrypted
from zaguan_tui.state.core.store import Problem
from zaguan_tui.widgets.foreign_text import foreign
from zaguan_tui.widgets.safe_input import SafeInput
from zaguan_tui.widgets.sheet import Sheet

WELCOME = "Zaguan CoreX puts every LLM provider behind one API. This is its control room."
SANDBOX = "The sandbox is a whole gateway on this machine: 500 models, no key, no network, no cost."


class TickBox(Checkbox):
    """A box that is empty until it is ticked, in every theme and without colour."""

    BUTTON_INNER = " "

    def watch_value(self) -> None:
        """Show the tick only when there is one."""
        self.BUTTON_INNER = "✔" if self.value else " "
        super().watch_value()


class FirstRunScreen(Sheet[None]):
    """Connect with an address and a key, or start the sandbox."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("first_run")]
    AUTO_FOCUS = "#try-sandbox"
    HELP_TEXT = (
        "The sandbox needs nothing: it is a gateway on this machine that ends with this program. To connect "
        "to a gateway of yours, give its address (the base URL, with https://) and an API key. The key stays "
        "in memory unless you tick the box; then it is written to a file that only you can read."
    )

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._under_way = False

    def compose(self) -> ComposeResult:
        """Two ways in, one above the other, both reachable with tab."""
        frame = self._session.frame.snapshot.value
        with Vertical(classes="sheet first-run") as sheet:
            sheet.border_title = "Welcome"
            sheet.border_subtitle = "tab moves · enter chooses · esc looks round first"
            yield Static(Content.styled(WELCOME, "$foreground"))
            yield Static(Content.styled(SANDBOX, "$ink-soft"), classes="gap")
            yield Button("Try the sandbox", id="try-sandbox", variant="primary", compact=True)
            yield Static(Content.styled("Or connect to a gateway you have:", "$ink-soft"), classes="gap")
            yield SafeInput(placeholder="https://api.zaguanai.com", id="base-url", compact=True)
            yield SafeInput(
                placeholder="API key: kept in memory only", id="api-key", password=True, compact=True
            )
            yield TickBox("Remember in a file only you can read (mode 0600)", id="remember", compact=True)
            with Horizontal(classes="buttons"):
                yield Button("Connect", id="connect", compact=True)
            yield Static("", id="outcome")
        if frame is not None and frame.problem is not None:
            self.call_after_refresh(self._show_problem, frame.problem)

    @on(Button.Pressed, "#try-sandbox")
    def action_sandbox(self) -> None:
        """Start the embedded gateway."""
        if not self._under_way:
            self._busy("Starting the sandbox …")
            self._start_sandbox()

    @on(Button.Pressed, "#connect")
    @on(Input.Submitted)
    def _connect_pressed(self) -> None:
        if self._under_way:
            return
        url = self.query_one("#base-url", Input).value.strip()
        key = self.query_one("#api-key", Input).value.strip()
        if not url or not key:
            missing = "an address" if not url else "a key"
            self._show_problem(
                Problem(f"There is no way in yet: {missing} is missing.", "Fill it in, or try the sandbox.")
            )
            self.query_one("#base-url" if not url else "#api-key", Input).focus()
            return
        self._busy("Asking the gateway …")
        self._try_connection(NewConnection(url, key, self.query_one("#remember", Checkbox).value))

    @work(group="first-run", exclusive=True, exit_on_error=False)
    async def _start_sandbox(self) -> None:
        self._finish(await self._session.try_sandbox())

    @work(group="first-run", exclusive=True, exit_on_error=False)
    async def _try_connection(self, connection: NewConnection) -> None:
        problem = await self._session.connect(connection)
        if (
            problem is not None
            and problem.kind == UNENCRYPTED
            and await confirm_unencrypted(self.app, problem)
        ):
            problem = await self._session.connect(replace(connection, unencrypted=True))
        self._finish(problem)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Report a worker that failed by a fault of this program; the sheet is no longer busy."""
        if event.state is WorkerState.ERROR and isinstance(event.worker.error, Exception):
            self._session.report_fault(event.worker.error)
            self._show_problem(
                Problem("That failed by a fault of this program.", "The alerts name a report: press a.")
            )

    def _finish(self, problem: Problem | None) -> None:
        if problem is None:
            self.dismiss()
        else:
            self._show_problem(problem)

    def _busy(self, sentence: str) -> None:
        """One attempt at a time: the buttons wait until it is over."""
        self._set_under_way(True)
        self._show_outcome(Content.styled(sentence, "$ink-soft"))

    def _show_problem(self, problem: Problem) -> None:
        self._set_under_way(False)
        self._show_outcome(
            Content.assemble(
                ("✖ ", "$error"),
                foreign(problem.sentence, "$foreground"),
                " ",
                foreign(problem.next_step, "$ink-soft"),
            )
        )

    def _set_under_way(self, under_way: bool) -> None:
        self._under_way = under_way
        for button in self.query(Button):
            button.set_class(under_way, "-waiting")

    def _show_outcome(self, line: Content) -> None:
        outcome = self.query_one("#outcome", Static)
        outcome.update(line)
        self.call_after_refresh(outcome.scroll_visible, animate=False)
