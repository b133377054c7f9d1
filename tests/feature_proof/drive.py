"""Adds the uptime feature to the tuple in a process of its own, and drives the app through it."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from pathlib import Path
from typing import Any

from feature_proof.feature import UPTIME
from zaguan_tui.features import registry

registry.FEATURES = (*registry.FEATURES, UPTIME)  # the one line that a new screen adds

from screens.stage import shown, wait_until  # noqa: E402 - the registry is read when these are imported
from state.fake_gateway import FakeGateway  # noqa: E402
from textual.pilot import Pilot  # noqa: E402

from zaguan_tui.actions.registry import check_keymap  # noqa: E402
from zaguan_tui.app.app import AppOptions, ZaguanApp  # noqa: E402
from zaguan_tui.cli.main import main  # noqa: E402
from zaguan_tui.config.launch import LaunchRequest  # noqa: E402
from zaguan_tui.config.loader import load  # noqa: E402
from zaguan_tui.config.paths import Paths  # noqa: E402
from zaguan_tui.config.template import template  # noqa: E402
from zaguan_tui.screens.coverage import coverage_table  # noqa: E402
from zaguan_tui.services import LiveSession  # noqa: E402
from zaguan_tui.state.core.clock import FakeClock  # noqa: E402


async def drive(folder: Path) -> None:
    """Every part of the feature, seen through the app."""
    clock = FakeClock()
    paths = Paths(config_file=folder / "config.toml", data_dir=folder, config_named=True)
    loaded = load(paths, {})
    request = LaunchRequest(settings=loaded.settings, origins=loaded.origins, paths=paths, read_only=True)
    session = LiveSession(request, clock=clock)
    app = ZaguanApp(session, AppOptions(first_screen="providers", animation="none"))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await wait_until(pilot, lambda: session.ready.snapshot.value and "Welcome" in shown(app.screen))
        await pilot.press("escape")
        assert "Uptime" in shown(app.screen), "a tab beside the providers"
        await pilot.press("alt+y")
        assert app.screen.query_one("#uptime").region.height == 3, "its style"
        await pilot.press("n")
        await wait_until(pilot, lambda: "There was no check yet." in shown(app.screen))
        session.app_state.connect(FakeGateway(clock))
        await clock.advance(1)
        assert [alert.title for alert in session.app_state.alerts.entries] == ["Uptime is measured"]
        for _ in range(10):
            await clock.advance(2.3)
        assert 10 <= session.app_state.get(_state()).checks <= 13, "the pace of its settings"
        await wait_until(pilot, lambda: "checks of the gateway" in shown(app.screen))
        await pilot.press("n", "x")
        await wait_until(pilot, lambda: "Read-only" in shown(app.screen))
        await find_and_help(app, pilot)
        await app.open_link("room:jobs")
        asked = session.app_state.get(_state()).checks
        await clock.advance(30)
        assert session.app_state.get(_state()).checks == asked, "hidden, it does not poll"


async def find_and_help(app: ZaguanApp, pilot: Pilot[Any]) -> None:
    """The palette opens its link and knows its actions; the help has its text and keys."""
    await pilot.press("question_mark")
    await wait_until(pilot, lambda: "Counts the checks" in shown(app.screen))
    await wait_until(pilot, lambda: "Write down the state of now." in shown(app.screen))
    await pilot.press("escape", "ctrl+p", *"uptime")
    await wait_until(pilot, lambda: "Uptime of groq" in shown(app.screen))
    await wait_until(pilot, lambda: "Go to Uptime" in shown(app.screen))
    await pilot.press("escape", "ctrl+p", *"groq")
    await wait_until(pilot, lambda: "Uptime of groq" in shown(app.screen))
    await pilot.press("escape")
    await app.open_link("uptime:groq")
    await wait_until(pilot, lambda: "checks of groq" in shown(app.screen))


def _state() -> Any:
    from feature_proof.state import UptimeState

    return UptimeState


if __name__ == "__main__":
    here = Path(sys.argv[1])
    (here / "config.toml").write_text("[uptime]\nseconds = 2\n")
    asyncio.run(drive(here))
    rows = sqlite3.connect(here / "zaguan.sqlite").execute("SELECT checks FROM uptime").fetchall()
    assert len(rows) == 1, "a row of its own table"
    assert "[uptime]\n" in template()
    assert "`list_files` | Providers, Jobs (to come)" in coverage_table()
    assert check_keymap({"uptime.note": "m"}) == []
    assert "room.uptime" in check_keymap({"uptime.note": "alt+y"})[0].sentence
    assert main(["uptime"]) == 0
