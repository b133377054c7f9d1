"""Actions that cannot run now: greyed in the key bar, explained by key, palette and help; read-only mode."""

from __future__ import annotations

from dataclasses import replace

import pytest

from screens.stage import staged
from zaguan_tui.actions import registry
from zaguan_tui.screens.common.base_screen import BaseScreen
from zaguan_tui.screens.common.connection_info import ConnectionInfo

REASON = "the table is empty."


@pytest.fixture
def _sorting_is_disabled(monkeypatch: pytest.MonkeyPatch) -> None:
    def disabled_reason(_screen: BaseScreen, action_id: str) -> str:
        return REASON if action_id == "providers.sort" else ""

    monkeypatch.setattr(BaseScreen, "disabled_reason", disabled_reason)


@pytest.fixture
def _refreshing_is_dangerous(monkeypatch: pytest.MonkeyPatch) -> None:
    refresh = registry.find_action("providers.refresh")
    assert refresh is not None
    monkeypatch.setitem(registry._BY_ID, refresh.id, replace(refresh, danger=True))


def toasts(app: object) -> list[str]:
    return [toast.message for toast in app._notifications]  # type: ignore[attr-defined]


@pytest.mark.usefixtures("_sorting_is_disabled")
async def test_a_key_of_a_disabled_action_says_why() -> None:
    async with staged("providers") as play:
        assert not play.screen.active_bindings["s"].enabled
        assert "s Sort" in play.text("#keybar")
        await play.press("s")
        assert "The table is empty." in toasts(play.app)


@pytest.mark.usefixtures("_sorting_is_disabled")
async def test_help_and_palette_say_why() -> None:
    async with staged("providers") as play:
        await play.press("question_mark")
        await play.until(lambda: "Sort by the next column. Not now: the table is" in play.text())
        await play.press("escape", "ctrl+p", *"sort")
        await play.until(lambda: f"Not now: {REASON}" in play.text())
        await play.press("enter")
        await play.until(lambda: "The table is empty." in toasts(play.app))


@pytest.mark.usefixtures("_refreshing_is_dangerous")
@pytest.mark.parametrize("read_only", [True, False])
async def test_read_only_mode_runs_nothing_that_changes_the_gateway(read_only: bool) -> None:
    frame = ConnectionInfo("work", "prod", "127.0.0.1:8787", configured=True, read_only=read_only)
    async with staged("providers", frame=frame) as play:
        asked = play.gateway.calls.total()
        await play.press("r")
        await play.until(lambda: read_only or play.gateway.calls.total() > asked)
        assert (play.gateway.calls.total() > asked) is not read_only
        assert any("ead-only" in toast for toast in toasts(play.app)) is read_only
