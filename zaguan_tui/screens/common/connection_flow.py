"""Connects when the app starts: opens the session, asks about plain http, shows the first-run screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zaguan_tui.screens.common.connection_info import UNENCRYPTED, ConnectionInfo, Session
from zaguan_tui.text.sanitize import clean

if TYPE_CHECKING:
    from textual.app import App

NOTICE_SHOWN_S = 12.0


class ConnectionFlow:
    """Opens the session of an app, and the connection form whenever another gateway is wanted."""

    def __init__(self, app: App[Any], session: Session) -> None:
        self._app, self._session = app, session

    async def enter(self) -> None:
        """Open the session and show its notices and questions."""
        await self._session.open()
        frame = self._session.frame.snapshot.value or ConnectionInfo()
        for notice in frame.notices:
            self._app.notify(clean(notice), severity="warning", timeout=NOTICE_SHOWN_S, markup=False)
        problem = frame.problem
        if problem is not None and problem.kind == UNENCRYPTED:
            from zaguan_tui.screens.modals.confirm import confirm_unencrypted

            if await confirm_unencrypted(self._app, problem):
                await self._session.open_unencrypted()
        elif not frame.configured:
            self.show_welcome()

    def show_welcome(self) -> None:
        """Connect to a gateway, or try the sandbox."""
        from zaguan_tui.screens.common.first_run import FirstRunScreen

        if not isinstance(self._app.screen, FirstRunScreen):
            self._app.push_screen(FirstRunScreen(self._session))
