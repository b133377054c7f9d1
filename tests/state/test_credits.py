from __future__ import annotations

import asyncio

from zaguan_tui.client.types.account.credits import CreditsBalance
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.core.governor import PollGovernor
from zaguan_tui.state.core.poller import PollerFactory
from zaguan_tui.state.credits.balance import CreditsState

from .fake_gateway import FakeGateway


async def test_the_balance_its_history_and_its_burn() -> None:
    clock = FakeClock()
    gateway = FakeGateway(clock)
    state = CreditsState(gateway.get_credits_balance, PollerFactory(clock, PollGovernor(clock)))
    state.set_visible(1)
    task = asyncio.create_task(state.poller.run())
    assert state.burn_per_hour(clock.now()) is None
    for spent in range(10):
        gateway.balance = CreditsBalance(
            credits_remaining=500.0 - spent, credits_total=1000.0, remaining_fraction=(500.0 - spent) / 1000
        )
        await clock.advance(60)
    burn = state.burn_per_hour(clock.now())
    assert burn is not None
    assert 45 <= burn <= 75
    assert not state.low
    gateway.balance = CreditsBalance(credits_remaining=50.0, remaining_fraction=0.05)
    await state.refresh()
    assert state.low
    gateway.balance = CreditsBalance(credits_remaining=50.0)
    await state.refresh()
    assert not state.low, "an unknown total is never low"
    state.reset()
    assert len(state.remaining) == 0
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
