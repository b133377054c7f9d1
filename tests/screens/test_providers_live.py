"""The providers screen on the real sandbox: a real socket, a real clock, real breakers."""

from __future__ import annotations

import pytest

from screens.conftest import MakeApp
from screens.stage import shown, wait_until
from zaguan_tui.app.app import ZaguanApp
from zaguan_tui.config.settings import PollSettings, Settings
from zaguan_tui.widgets.livetable import LiveTable

pytestmark = pytest.mark.live

QUICK = Settings(poll=PollSettings(providers=1))


async def test_the_sandboxes_providers_are_there_and_move(make_app: MakeApp) -> None:
    app = make_app(scenario="calm", settings=QUICK)
    async with app.run_test(size=(120, 40)) as pilot:
        await wait_until(pilot, lambda: "healthy" in shown(app.screen), 20)
        table = app.screen.query_one(LiveTable)
        assert table.row_count >= 15
        await wait_until(pilot, lambda: "● live" in shown(app.screen), 10)
        await wait_until(pilot, lambda: "⠤" in shown(app.screen) or "⣀" in shown(app.screen), 20)
        assert "provider status" in shown(app.screen.query_one("TrustStrip"))
        await app.open_link("provider:groq")
        await pilot.pause()
        assert table.selected_key == "groq"


async def test_an_outage_opens_a_breaker_and_everybody_hears_of_it(make_app: MakeApp) -> None:
    app = make_app(scenario="outage", time_scale=5.0, settings=QUICK)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        # The world runs five times as fast: the breaker is open for some five seconds.
        await wait_until(pilot, lambda: shown_everywhere(app), 30)
        alerts = app.session.app_state.alerts
        await wait_until(pilot, lambda: any("breaker open" in alert.title for alert in alerts.entries), 5)


def shown_everywhere(app: ZaguanApp) -> bool:
    """Whether headline and table both say that a breaker is open."""
    headline = shown(app.screen.query_one("#headline"))
    return "open for" in headline and "╱ open" in shown(app.screen.query_one(LiveTable))
