"""What a round would take stands on the frame of the Compare prompt, and a large one asks first."""

from __future__ import annotations

from typing import Any

from screens.compare_scene import CompareScene, model, open_compare
from screens.playground_scene import well
from screens.stage import SMALL, Stage
from zaguan_tui.client.types.account.credits import CreditsBalance
from zaguan_tui.client.types.models.capabilities import Capability
from zaguan_tui.screens.modals.confirm import ConfirmScreen


async def priced(play: Stage, *prices: float, **balance: Any) -> None:
    """Models with prices per million tokens, and a balance of 1,000 credits."""
    play.gateway.capabilities = [
        Capability(model_id=model(n), input_cost_per_1m=price, output_cost_per_1m=price)
        for n, price in enumerate(prices)
    ]
    play.gateway.balance = CreditsBalance(**{"credits_remaining": 1000.0, **balance})
    await play.session.app_state.models.refresh()
    await play.session.app_state.credits.refresh()
    await play.pilot.pause()


def frame(scene: CompareScene) -> str:
    """The upper line of the prompt's frame."""
    return scene.text.splitlines()[scene.screen.query_one("#prompt-box").region.y]


async def write(scene: CompareScene, text: str) -> None:
    scene.prompt.focus()
    scene.prompt.write(text)
    await scene.pilot.pause()


async def wait_for_confirmation(scene: CompareScene) -> None:
    await scene.until(lambda: isinstance(scene.app.screen, ConfirmScreen))
    assert scene.app.focused is not None
    assert scene.app.focused.id == "no"


async def test_the_frame_says_what_all_lanes_in_all_runs_would_take() -> None:
    async with open_compare(lanes=3) as (scene, play):
        await priced(play, 1.0, 2.0, 4.0)
        assert "models ×" not in frame(scene)
        await write(scene, "four" * 40)
        await scene.until(lambda: "3 models × 1 run · about 3.8 credits ─" in frame(scene))
        await scene.press("alt+u", "alt+u")
        await scene.until(lambda: "3 models × 5 runs · about 19 credits ─" in frame(scene))
        await priced(play, 1.0, 2.0)
        await scene.until(lambda: "about 8.2 credits · 2 of 3 prices known ─" in frame(scene))
        await priced(play)
        await scene.until(lambda: "3 models × 5 runs ─" in frame(scene))
        await write(scene, "")
        await scene.until(lambda: "models ×" not in frame(scene))


async def test_what_a_credit_is_worth_comes_from_the_ledger_here_too() -> None:
    from state.test_estimates import debit

    async with open_compare() as (scene, play):
        await priced(play, 1.0, 1.0)
        play.gateway.debits = [debit(1.5, 0.1)]
        await write(scene, "hello")
        await scene.until(lambda: "2 models × 1 run · about 1 credit ─" in frame(scene))
        await play.advance(0.5)
        await scene.until(lambda: "about 0.015 credits" in frame(scene))


async def test_a_large_round_asks_with_the_numbers_and_yes_asks_all() -> None:
    scripts = [well(f"Answer {n}.") for n in range(6)]
    async with open_compare(*scripts) as (scene, play):
        await priced(play, 4.0, 4.0)
        await scene.press("alt+u")
        await scene.until(lambda: scene.screen.comparison.setup.runs == 3)
        await write(scene, "Write an epic.")
        await scene.press("enter")
        await wait_for_confirmation(scene)
        assert "A large round" in scene.text
        assert "About 12 credits: 1.2 % of the 1,000 that are left." in scene.text
        assert "2 models × 3 runs, in each run:" in scene.text
        assert f"{model(1)}: about 2 credits, ~8 tokens in, 500 out" in scene.text
        assert "Length of the answers: assumed. 1,000 credits per USD (assumed)." in scene.text
        assert not play.gateway.chats, "no lane alone is large, all of them are"
        await scene.press("y")
        await scene.until(lambda: play.gateway.chats)
        await scene.wait_until_ended()
        assert len(play.gateway.chats) == 6
        assert scene.prompt.text == ""


async def test_the_numbers_of_six_models_fit_a_small_terminal() -> None:
    async with open_compare(lanes=6, size=SMALL) as (scene, play):
        await priced(play, *[100.0] * 6)
        await write(scene, "Write an epic.")
        await scene.press("enter")
        await wait_for_confirmation(scene)
        assert all(f"{model(n)}: about 51 credits" in scene.text for n in range(6))
        assert "No, leave it" in scene.text
        assert "Yes, ask them all" in scene.text


async def test_no_gives_the_prompt_back_as_if_nothing_had_been() -> None:
    async with open_compare(well("One."), well("Two."), size=SMALL) as (scene, play):
        await priced(play, 100.0, 100.0)
        await write(scene, "Write an epic.")
        await scene.press("enter")
        await wait_for_confirmation(scene)
        await scene.press("enter")
        await scene.until(lambda: scene.prompt.text == "Write an epic.")
        assert scene.screen.focused is scene.prompt
        assert not play.gateway.chats
        assert scene.screen.comparison.id is None
        assert scene.screen.comparison.progress is None
        scene.screen.app_state.estimates.tripwire = 0
        await scene.press("enter")
        await scene.wait_until_ended()
        assert len(play.gateway.chats) == 2


async def test_asking_again_trips_too_and_no_leaves_the_answers() -> None:
    async with open_compare(well("One."), well("Two.")) as (scene, play):
        await priced(play, 1.0, 1.0)
        await scene.ask("hello")
        await priced(play, 100.0, 100.0)
        await scene.press("ctrl+g")
        await wait_for_confirmation(scene)
        await scene.press("escape")
        await scene.until(lambda: scene.app.screen is scene.screen)
        await scene.until(lambda: scene.screen.comparison.progress is None)
        assert len(play.gateway.chats) == 2
        assert "One." in scene.text
        assert scene.prompt.text == ""
