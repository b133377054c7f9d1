"""What a send would take stands on the frame of the prompt, and a large one asks first."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from screens.conftest import MakeApp
from screens.playground_scene import Scene, playing, well
from screens.stage import SMALL, Stage
from zaguan_tui.client.types.account.credits import CreditsBalance
from zaguan_tui.client.types.models.capabilities import Capability
from zaguan_tui.client.types.models.models import Model
from zaguan_tui.config.settings import PromptSettings, Settings
from zaguan_tui.screens.chat.drafts import SAVE_AFTER_S
from zaguan_tui.screens.modals.confirm import ConfirmScreen


async def priced(
    play: Stage, scene: Scene, *, price: float = 1.0, context: int = 1000, **balance: Any
) -> None:
    """A model with a price and a context, and a balance."""
    play.gateway.models = [Model(id="a/b", provider="a")]
    play.gateway.capabilities = [
        Capability(
            model_id="a/b",
            band="B",
            max_context_tokens=context,
            input_cost_per_1m=price,
            output_cost_per_1m=price,
        )
    ]
    play.gateway.balance = CreditsBalance(**{"credits_remaining": 1000.0, "bands": ("A", "B"), **balance})
    await play.session.app_state.models.refresh()
    await play.session.app_state.credits.refresh()
    await scene.choose("a/b")
    await scene.pilot.pause()


def frame(scene: Scene) -> str:
    """The upper line of the prompt's frame."""
    return scene.text.splitlines()[scene.screen.query_one("#prompt-box").region.y]


async def test_the_frame_says_what_it_would_take_while_something_is_written() -> None:
    async with playing() as (scene, play):
        await priced(play, scene)
        assert "tokens" not in frame(scene)
        await scene.write("four" * 40)
        assert "~44 tokens in · 4 % of 1k · about 0.54 credits · band B" in frame(scene)
        await scene.write("")
        assert "tokens" not in frame(scene)


async def test_what_is_counted_is_exact() -> None:
    async with playing() as (scene, play):
        await priced(play, scene)
        play.gateway.tokens = lambda body: 123
        await scene.press(*"hello")
        assert "~5 tokens in" in frame(scene)
        assert not play.gateway.counted, "nobody counts while one types"
        await play.advance(0.5)
        await scene.until(lambda: "─ 123 tokens in" in frame(scene))
        assert len(play.gateway.counted) == 1, "five keys, one count"


async def test_the_worth_of_a_credit_comes_from_the_ledger() -> None:
    from state.test_estimates import debit

    async with playing() as (scene, play):
        await priced(play, scene)
        play.gateway.debits = [debit(1.5, 0.1)]
        await scene.write("hello")
        assert "about 0.51 credits" in frame(scene)
        await play.advance(0.5)
        await scene.until(lambda: "about 0.0076 credits" in frame(scene))


async def test_a_full_context_warns_and_too_much_says_so() -> None:
    async with playing() as (scene, play):
        await priced(play, scene)
        await scene.write("four" * 850)
        assert "▲ 85 % of 1k" in frame(scene)
        await scene.write("four" * 1850)
        assert "✖ 185 % of 1k: too long" in frame(scene)


async def test_a_closed_band_is_named() -> None:
    async with playing(size=SMALL) as (scene, play):
        await priced(play, scene, bands=("A",))
        await scene.write("hello")
        assert "⊘ band B is not open to your tier" in frame(scene)


async def test_what_is_not_known_is_left_out() -> None:
    async with playing() as (scene, _):
        await scene.write("hello")
        assert "~5 tokens in ─" in frame(scene)
        assert "credit" not in frame(scene)
        assert "band" not in frame(scene)


async def test_a_free_model_is_free() -> None:
    async with playing() as (scene, play):
        await priced(play, scene, price=0.0)
        await scene.write("hello")
        assert "· free ·" in frame(scene)


async def test_a_large_send_asks_and_yes_sends_exactly_that() -> None:
    async with playing(well()) as (scene, play):
        await priced(play, scene, price=100.0)
        await scene.write("Write an epic.")
        await scene.press("enter")
        await scene.until(lambda: isinstance(scene.app.screen, ConfirmScreen))
        assert "A large send" in scene.text
        assert "About 51 credits: 5.1 % of the 1,000 that are left." in scene.text
        assert "500 tokens out (assumed)" in scene.text
        assert scene.app.focused is not None
        assert scene.app.focused.id == "no"
        assert not play.gateway.chats
        await scene.press("y")
        await scene.until(lambda: play.gateway.chats)
        assert play.gateway.chats[0]["messages"][-1]["content"] == "Write an epic."
        await scene.until(lambda: scene.answers)
        await scene.over()
        assert scene.prompt.text == ""


async def test_no_gives_the_prompt_back_as_if_nothing_had_been() -> None:
    async with playing(well()) as (scene, play):
        await priced(play, scene, price=100.0)
        await scene.write("Write an epic.")
        await scene.press("enter")
        await scene.until(lambda: isinstance(scene.app.screen, ConfirmScreen))
        await scene.press("enter")
        await scene.until(lambda: scene.prompt.text == "Write an epic.")
        assert not play.gateway.chats
        assert scene.screen.chat_session.id is None
        assert not scene.screen.chat_session.answering
        await play.advance(SAVE_AFTER_S)
        scene.screen.app_state.estimates.tripwire = 0
        await scene.press("enter")
        await scene.until(lambda: play.gateway.chats)


async def test_asking_again_trips_too() -> None:
    async with playing(well(), well()) as (scene, play):
        await priced(play, scene)
        await scene.ask("hello")
        await priced(play, scene, price=100.0)
        await scene.press("ctrl+g")
        await scene.until(lambda: isinstance(scene.app.screen, ConfirmScreen))
        await scene.press("escape")
        await scene.until(lambda: scene.app.screen is scene.screen)
        assert len(play.gateway.chats) == 1
        await scene.until(lambda: not scene.screen.chat_session.answering)


async def test_what_will_not_fit_the_balance_is_said() -> None:
    async with playing() as (scene, play):
        await priced(play, scene, price=100.0, credits_remaining=3.0)
        await scene.write("hello")
        await scene.press("enter")
        await scene.until(lambda: "only 3 are left: it will not fit" in scene.text)


async def test_without_a_balance_or_a_price_nobody_asks() -> None:
    async with playing(well(), well()) as (scene, play):
        await priced(play, scene, price=100.0, credits_remaining=None)
        await scene.ask("one")
        assert len(play.gateway.chats) == 1
    async with playing(well()) as (scene, play):
        await scene.ask("two")
        assert len(play.gateway.chats) == 1


async def test_a_megabyte_is_pasted_without_a_freeze() -> None:
    from textual import events

    async with playing() as (scene, play):
        await priced(play, scene)
        worst = 0.0

        async def watch() -> None:
            nonlocal worst
            while True:
                before = time.perf_counter()
                await asyncio.sleep(0.005)
                worst = max(worst, time.perf_counter() - before)

        scene.prompt.post_message(events.Paste("é lines of text\n" * 65_000))
        await scene.until(lambda: len(scene.prompt.text) > 1_000_000)
        watching = asyncio.create_task(watch())
        await play.advance(0.3)
        await scene.until(lambda: "too long" in frame(scene), timeout=20)
        watching.cancel()
        assert worst < 1.0


async def test_the_sandbox_counts_what_it_bills(make_app: MakeApp) -> None:
    app = make_app("playground", settings=Settings(prompt=PromptSettings(tripwire_percent=0)))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        scene = Scene(app, pilot)
        await scene.until(lambda: scene.screen.app_state.credits.store.snapshot.value)
        await scene.until(lambda: scene.screen.app_state.models.catalogue.entries)
        entries = scene.screen.app_state.models.catalogue.entries
        model = next(entry.id for entry in entries if entry.provider == "anthropic")
        await scene.choose(model)
        await scene.write("How many tokens are in this sentence of mine?")
        await scene.until(lambda: "~" in frame(scene))
        await scene.until(lambda: "─ 1" in frame(scene) and "~" not in frame(scene))
        counted = scene.screen.controllers.cost.estimate
        assert counted is not None
        assert not counted.tariff.assumed
        await scene.press("enter")
        await scene.until(lambda: scene.answers)
        await scene.over(30)
        usage = scene.answer.message.usage
        assert usage is not None
        assert usage.prompt_tokens == counted.tokens_in
