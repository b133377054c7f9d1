"""Connection flow: connect as configured, confirm an unencrypted key, welcome where nothing is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.content import Content

from zaguan_tui.screens.common.connection_info import UNENCRYPTED, ConnectionInfo, Session
from zaguan_tui.state.core.store import Problem
from zaguan_tui.text.sanitize import clean
from zaguan_tui.widgets.foreign_text import foreign

if TYPE_CHECKING:
    from textual.app import App

NOTICE_SHOWN_S = 12.0


class ConnectionFlow:
    """Opens the session of an app, and the first-run sheet whenever another gateway is wanted."""

    def __init__(self, app: App[Any], session: Session) -> None:
        self._app, self._session = app, session

    async def enter(self) -> None:
        """Open the session; show its notices and ask its questions."""
        await self._session.open()
        frame = self._session.frame.snapshot.value or ConnectionInfo()
        for notice in frame.notices:
            self._app.notify(clean(notice), severity="warning", timeout=NOTICE_SHOWN_S, markup=False)
        problem = frame.problem
        if problem is not None and problem.kind == UNENCRYPTED:
            if await confirm_unencrypted(self._app, problem):
                await self._session.open_unencrypted()
        elif not frame.configured:
            self.show_welcome()

    def show_welcome(self) -> None:
        """Connect to a gateway, or try the sandbox."""
        from zaguan_tui.screens.common.first_run import FirstRunScreen

        if not isinstance(self._app.screen, FirstRunScreen):
            self._app.push_screen(FirstRunScreen(self._session))


async def confirm_unencrypted(app: App[Any], problem: Problem) -> bool:
    """Whether the person lets the key travel in clear. No is the answer that has the focus."""
    from zaguan_tui.screens.modals.confirm import ConfirmScreen

    body = Content("\n").join([foreign(problem.sentence), foreign(problem.next_step, "$ink-soft")])
    return await app.push_screen_wait(ConfirmScreen("Unencrypted", body, "Yes, send the key"))
