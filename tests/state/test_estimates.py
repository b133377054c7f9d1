"""What a send would cost: counted where the gateway counts, estimated and said to be so elsewhere."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from zaguan_tui.client.errors.exceptions import APIError, ErrorKind
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.types.account.credits import CreditsBalance
from zaguan_tui.client.types.account.credits_history import CreditEntry
from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.client.types.models.capabilities import Capability
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.chat.message import Attachment, Message, Role
from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest
from zaguan_tui.state.conversations.conversation import Conversation, Turn
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.credits.estimate import (
    ASSUMED_OUTPUT,
    CreditRate,
    OutgoingRequest,
    compute_estimate,
    credits_for,
    derive_credit_rate,
    estimate_output,
    estimate_prompt_tokens,
)
from zaguan_tui.state.models.entry import ModelEntry

from .fake_gateway import FakeGateway

NOW = datetime(2025, 1, 6, 9, tzinfo=UTC)
PRICED = ModelEntry(id="a/b", band="B", context=10_000, input_cost=2.0, output_cost=10.0)


def said(text: str = "word " * 40, usage: Usage | None = None) -> Turn:
    answer = Message("m2", Role.ASSISTANT, text, NOW, ending=Ending.FINISHED, usage=usage)
    return Turn("t1", Message("m1", Role.USER, "ask " * 40, NOW), (answer,))


def outgoing(text: str = "hello there", *turns: Turn, **params: object) -> OutgoingRequest:
    return OutgoingRequest(ModelTarget("a/b", params=params), PromptRequest(text), turns)


def debit(debited: float | None, cost: float | None, number: int = 0) -> CreditEntry:
    return CreditEntry(id=f"row_{number}", timestamp=NOW, credits_debited=debited, cost=cost)


def test_an_answer_costs_its_tokens_at_the_listed_price() -> None:
    usage = Usage(prompt_tokens=1000, completion_tokens=100)
    assert credits_for(usage, PRICED) == pytest.approx(3.0), "2 $ + 1 $ per thousand million"
    cached = Usage(prompt_tokens=1000, completion_tokens=100, cached_tokens=1000)
    assert credits_for(cached, PRICED) == pytest.approx(2.0), "cached tokens cost half"
    assert credits_for(usage, PRICED, CreditRate(100.0)) == pytest.approx(0.3)
    assert credits_for(usage, PRICED, CreditRate(100.0, whole=True)) == 1.0, "rounded up as the ledger does"


def test_what_is_not_known_costs_nothing_known() -> None:
    assert credits_for(None, PRICED) is None
    assert credits_for(Usage(completion_tokens=5), PRICED) is None
    assert credits_for(Usage(prompt_tokens=10, completion_tokens=10), ModelEntry(id="a/b")) is None
    assert credits_for(Usage(prompt_tokens=10, completion_tokens=10), None) is None
    free = ModelEntry(id="a/b", input_cost=0.0, output_cost=0.0)
    assert credits_for(Usage(prompt_tokens=10, completion_tokens=10), free, CreditRate(whole=True)) == 0.0, (
        "free is not unknown"
    )


def test_reasoning_has_its_own_price_and_is_part_of_the_answer() -> None:
    entry = ModelEntry(id="a/b", input_cost=1.0, output_cost=10.0, reasoning_cost=20.0)
    usage = Usage(prompt_tokens=0, completion_tokens=1000, reasoning_tokens=500)
    assert credits_for(usage, entry) == pytest.approx(5.0 + 10.0)


def test_the_worth_of_a_credit_is_learned_from_the_ledger() -> None:
    learned = derive_credit_rate(
        [debit(25.5, 0.05), debit(10.2, 0.02), debit(0, 0.1), debit(None, 1.0), debit(3, None)]
    )
    assert learned.per_usd == pytest.approx(510.0)
    assert learned.rows == 2
    assert not learned.whole
    assert derive_credit_rate([]).assumed
    assert derive_credit_rate([debit(0, 0.0)]).assumed


def test_a_ledger_of_whole_credits_rounds_up() -> None:
    costs = [0.0000321 * n for n in range(1, 200)]
    rows = [debit(float(-(-cost * 1000 // 1)), cost, n) for n, cost in enumerate(costs)]
    learned = derive_credit_rate(rows)
    assert learned.whole
    assert learned.per_usd == pytest.approx(1000, rel=0.03)


def test_how_long_an_answer_will_be_is_said_with_its_reason() -> None:
    assert estimate_output(outgoing()).tokens == ASSUMED_OUTPUT
    assert estimate_output(outgoing()).why == "assumed"
    talk = [said(usage=Usage(prompt_tokens=10, completion_tokens=tokens)) for tokens in (100, 900, 200)]
    assert estimate_output(outgoing("x", *talk)).tokens == 200
    assert "median of 3" in estimate_output(outgoing("x", *talk)).why
    assert estimate_output(outgoing("x", *talk, max_tokens=64)).tokens == 64
    assert estimate_output(outgoing("x", max_tokens=True)).tokens == ASSUMED_OUTPUT


def test_the_turn_before_was_counted_by_the_server() -> None:
    turn = said(usage=Usage(prompt_tokens=700, completion_tokens=90, reasoning_tokens=40))
    assert estimate_prompt_tokens(outgoing("four" * 4, turn)) == 700 + 50 + 4 + 4
    assert estimate_prompt_tokens(outgoing("four" * 4, said())) == pytest.approx(4 + 4 + 8 + 90, abs=2)


def test_the_estimate_says_what_it_rests_on() -> None:
    balance = CreditsBalance(credits_remaining=10.0, bands=("A", "b"))
    estimate = compute_estimate(outgoing(max_tokens=1000), 9000, PRICED, balance)
    assert estimate.context_share == pytest.approx(0.9)
    assert estimate.nearly_full
    assert not estimate.too_long
    assert estimate.band_ok
    assert estimate.credits_low == pytest.approx(18 + 5)
    assert estimate.credits_high == pytest.approx(18 + 10)
    assert "9,000 tokens in (estimated)" in estimate.sentence
    assert "1,000 tokens out (the limit set)" in estimate.sentence
    assert "1,000 credits per USD (assumed)" in estimate.sentence
    assert compute_estimate(outgoing(), 1, PRICED, CreditsBalance(bands=("A",))).band_ok is False
    assert compute_estimate(outgoing(), 1, PRICED, CreditsBalance()).band_ok is None
    nothing = compute_estimate(outgoing(), 1, None)
    assert (nothing.context_share, nothing.credits_low, nothing.band_ok) == (None, None, None)


async def house_with(**facts: Any) -> tuple[AppState, FakeGateway, FakeClock]:
    clock = FakeClock()
    gateway = FakeGateway(clock)
    gateway.capabilities = [
        Capability(
            model_id="groq/llama", max_context_tokens=1000, input_cost_per_1m=1.0, output_cost_per_1m=2.0
        )
    ]
    for name, value in facts.items():
        setattr(gateway, name, value)
    app_state = AppState.build(gateway, clock=clock)
    await app_state.models.refresh()
    await app_state.credits.refresh()
    return app_state, gateway, clock


def to_llama(text: str = "hello", *files: Attachment) -> OutgoingRequest:
    return OutgoingRequest(ModelTarget("groq/llama"), PromptRequest(text, files), system_prompt="Be brief.")


async def test_the_gateway_counts_once_for_the_same_prompt() -> None:
    app_state, gateway, _ = await house_with(tokens=lambda body: 123)
    first = await app_state.estimates.count(to_llama())
    assert first is not None
    assert (first.tokens_in, first.exact) == (123, True)
    assert await app_state.estimates.count(to_llama()) == first
    assert len(gateway.counted) == 1
    assert gateway.counted[0]["system"] == "Be brief."
    assert gateway.counted[0]["messages"] == [{"role": "user", "content": "hello"}]
    assert (await app_state.estimates.weigh(to_llama())).exact, "what was counted is remembered"
    assert not (await app_state.estimates.weigh(to_llama("other"))).exact


async def test_whatever_changes_what_goes_out_is_another_count() -> None:
    app_state, _, _ = await house_with(tokens=lambda body: 123)
    turn = said()
    asked = replace(to_llama(), turns=(turn,))
    await app_state.estimates.count(asked)
    assert (await app_state.estimates.weigh(asked)).exact
    longer = replace(turn.answers[0], text=turn.answers[0].text + "and on")
    tools = {"tools": [{"type": "function", "function": {"name": "weather"}}]}
    for other in (
        replace(asked, turns=(turn.with_answer(longer),)),
        replace(asked, turns=()),
        replace(asked, system_prompt="Be long."),
        replace(asked, lane=replace(asked.lane, params=tools)),
        replace(asked, lane=ModelTarget("groq/other")),
    ):
        assert not (await app_state.estimates.weigh(other)).exact
    same = replace(asked, lane=replace(asked.lane, params={"temperature": 0.1}))
    assert (await app_state.estimates.weigh(same)).exact, "what is not counted makes no difference"


async def test_one_count_is_under_way_and_survives_who_asked() -> None:
    app_state, gateway, clock = await house_with(tokens=lambda body: 9)
    gateway.delay = 5.0
    asking = asyncio.create_task(app_state.estimates.count(to_llama("a")))
    await clock.settle()
    await _until(lambda: gateway.calls["count"] == 1)
    asking.cancel()
    next_one = asyncio.create_task(app_state.estimates.count(to_llama("b")))
    await asyncio.sleep(0.05)
    assert gateway.calls["count"] == 1, "the second waits for the first"
    await clock.advance(5)
    await _until(lambda: gateway.calls["count"] == 2)
    await clock.advance(5)
    assert await next_one
    assert (await app_state.estimates.weigh(to_llama("a"))).exact, "the first count was kept"


async def _until(predicate: Any) -> None:
    until = time.monotonic() + 5
    while not predicate():
        assert time.monotonic() < until
        await asyncio.sleep(0.01)


async def test_where_it_cannot_be_counted_it_is_not_asked_again() -> None:
    app_state, gateway, _ = await house_with()
    assert await app_state.estimates.count(to_llama("a")) is None
    assert await app_state.estimates.count(to_llama("b")) is None
    assert gateway.calls["count"] == 1, "the call is not there"

    def refuse() -> Exception:
        return APIError("cannot count", kind=ErrorKind.INVALID_REQUEST, status=400)

    app_state, gateway, clock = await house_with(tokens=lambda body: 1)
    gateway.errors["count"] = refuse
    assert await app_state.estimates.count(to_llama("a")) is None
    del gateway.errors["count"]
    assert await app_state.estimates.count(to_llama("b")) is None, "not for this model"
    gateway.errors["count"] = lambda: APIError("busy", kind=ErrorKind.SERVER, status=503)
    other = OutgoingRequest(ModelTarget("other/model"), PromptRequest("a"))
    assert await app_state.estimates.count(other) is None
    del gateway.errors["count"]
    assert await app_state.estimates.count(other) is None, "it rests"
    await clock.advance(31)
    assert await app_state.estimates.count(other)


async def test_pictures_and_very_long_prompts_are_not_sent_for_counting() -> None:
    app_state, gateway, _ = await house_with(tokens=lambda body: 1)
    picture = Attachment("a.png", "image/png", "aGk=", 2)
    assert await app_state.estimates.count(to_llama("see", picture)) is None
    assert await app_state.estimates.count(to_llama("x" * 500_000)) is None
    assert not gateway.counted
    assert app_state.estimates.guess(to_llama("see", picture)).tokens_in > 1000, "a picture weighs something"


async def test_a_megabyte_is_weighed_off_the_loop() -> None:
    app_state, _, _ = await house_with()
    worst = 0.0

    async def watch() -> None:
        nonlocal worst
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            worst = max(worst, time.perf_counter() - before)

    watching = asyncio.create_task(watch())
    estimate = await app_state.estimates.weigh(to_llama("é" * 1_000_000))
    watching.cancel()
    assert estimate.too_long
    assert worst < 0.1


async def test_the_ledger_is_read_once_and_another_gateway_anew() -> None:
    app_state, gateway, clock = await house_with(debits=[debit(20.0, 0.1)])
    assert app_state.estimates.tariff.assumed
    await app_state.estimates.learn()
    await app_state.estimates.learn()
    assert gateway.calls["history"] == 1
    assert app_state.estimates.tariff.per_usd == pytest.approx(195.0)
    await clock.advance(601)
    await app_state.estimates.learn()
    assert gateway.calls["history"] == 2
    await app_state.disconnect()
    app_state.connect(FakeGateway(clock, "http://127.0.0.1:9999"))
    await app_state.estimates.learn()
    assert app_state.estimates.tariff.assumed


async def test_the_share_of_the_balance() -> None:
    app_state, _, _ = await house_with()
    assert app_state.estimates.share_of_balance(50.0) == pytest.approx(0.1)
    assert app_state.estimates.share_of_balance(None) is None
    empty, _, _ = await house_with(balance=CreditsBalance(credits_remaining=0.0))
    assert empty.estimates.share_of_balance(1.0) == float("inf")
    silent, _, _ = await house_with(balance=CreditsBalance())
    assert silent.estimates.share_of_balance(1.0) is None


async def test_what_an_answer_was_to_cost_when_it_was_asked_for() -> None:
    app_state, _, _ = await house_with()
    turn = said()
    conversation = Conversation("c", "t", "groq/llama", NOW, NOW, turns=(turn,))
    asked = Message("m9", Role.ASSISTANT, "", NOW, model="groq/llama", params={"max_tokens": 100})
    estimate = app_state.estimates.before_answer(conversation, "t1", asked)
    assert estimate.expected.tokens == 100
    assert estimate.tokens_in == estimate_prompt_tokens(
        OutgoingRequest(ModelTarget("groq/llama"), PromptRequest("ask " * 40))
    )
