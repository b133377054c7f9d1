"""Controllers of the compare screen, without a terminal."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from state.scripted_chat import ScriptedClient

from screens.fake_services import FakeServices
from screens.playground_scene import well
from zaguan_tui.screens.chat.error_messages import NO_PROMPT, OPENING
from zaguan_tui.screens.compare.error_notices import ANSWERS_IN_PROGRESS, NO_FOCUSED_ANSWER, TOO_FEW_MODELS
from zaguan_tui.screens.compare.lanes.presenter import LanePresenter
from zaguan_tui.screens.compare.navigation_controller import VoteController
from zaguan_tui.screens.compare.ranking.controller import RankingController, price_answer
from zaguan_tui.screens.compare.selection import ComparisonSelection
from zaguan_tui.screens.compare.send_controller import CompareSendController
from zaguan_tui.screens.compare.setup_controller import ComparisonSetupController
from zaguan_tui.screens.compare.storage_controller import NOTHING_TO_EXPORT, ComparisonStorageController
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.chat.message import Message, Receipt, Role
from zaguan_tui.state.chat.prompt_request import DraftHandoff, ModelTarget
from zaguan_tui.state.chat.turn_runner import TurnRunner
from zaguan_tui.state.comparison.comparison import Comparison
from zaguan_tui.state.comparison.ranking import AnswerCost
from zaguan_tui.state.comparison.setup import ComparisonSetup
from zaguan_tui.state.core.clock import FakeClock

ANSWER = Message("msg_1", Role.ASSISTANT, "", FakeClock().now())
A, B, C = (ModelTarget(f"maker/{name}") for name in "abc")


class FakePrompt:
    def __init__(self) -> None:
        self.text = ""
        self.focused = 0

    def write(self, text: str) -> None:
        self.text = text

    put_back = write

    def focus(self) -> None:
        self.focused += 1


class FakeView:
    """Counts what is drawn; the lane with the focus is the one of ``focused_key``."""

    def __init__(self) -> None:
        self.prompt = FakePrompt()
        self.grid = SimpleNamespace(lanes=(), enlarge=lambda lane: None)
        self.drawn = 0
        self.focused_key: str | None = None

    @property
    def focused_lane(self) -> Any:
        return None if self.focused_key is None else SimpleNamespace(key=self.focused_key)

    def find_lane(self, step: int, *, from_focus: bool = True) -> None:
        return None

    def focus_lane(self, lane: object) -> None:
        pass

    def draw(self) -> None:
        self.drawn += 1

    async def show(self) -> None:
        self.drawn += 1

    def refresh_keys(self) -> None:
        pass


class FakeDrafts:
    def __init__(self) -> None:
        self.given_back: list[str] = []

    def hold(self, request: Any) -> None:
        pass

    async def give_back(self, request: Any) -> None:
        self.given_back.append(request.prompt)

    async def fetch(self, place: str) -> None:
        pass

    def move(self) -> None:
        pass


class Bench:
    """A comparison of two models on a scripted client, with every controller of it."""

    def __init__(self, *scripts: list[Any], results: tuple[Any, ...] = ()) -> None:
        self.clock = FakeClock()
        self.client = ScriptedClient(self.clock, [list(script) for script in scripts])
        self.state: Any = AppState.build(clock=self.clock, seed=7)
        self.state.open_storage()
        self.store = self.state.conversations
        self.state.chat.turns = TurnRunner(self.client, self.store, self.clock)
        self.services, self.drafts = FakeServices(*results), FakeDrafts()
        self.view: Any = FakeView()
        self.is_open = self.confirmed = True
        self.comparison = Comparison(self.state)
        self.selection = ComparisonSelection(self.comparison)
        self.presenter = LanePresenter(self.comparison, self.selection, lambda model: None)
        price: Any = lambda answer: None  # noqa: E731
        session: Any = SimpleNamespace(app_state=self.state)
        parts: Any = (self.services, self.comparison, self.selection)
        self.setup = ComparisonSetupController(
            self.services, session, self.comparison, self.selection, self.view, lambda model: None
        )
        cost, drafts = SimpleNamespace(confirm_round=self.confirm), self.drafts
        self.send = CompareSendController(*parts, self.view, cost, drafts, lambda: self.is_open)  # type: ignore[arg-type]
        self.storage = ComparisonStorageController(
            self.services, self.state, *parts[1:], self.view, self.setup, drafts, price, lambda: self.is_open
        )
        self.votes = VoteController(*parts, self.presenter, self.view)
        self.ranking_view: Any = SimpleNamespace(is_attached=True, display=True, show=self.rank)
        self.ranking = RankingController(*parts, self.presenter, self.ranking_view, price)

    def rank(self, rows: Any, names: Any, column: Any) -> None:
        self.rows, self.column = rows, column

    async def confirm(self, round_: Any) -> bool:
        return self.confirmed

    async def compare(self, *targets: ModelTarget, **options: Any) -> None:
        await self.comparison.lay_out(ComparisonSetup(targets, **options))

    async def ask(self, text: str = "hello") -> None:
        assert self.send.submit(text)
        await self.services.settle()


async def test_sending_is_refused_with_the_reason() -> None:
    bench = Bench()
    bench.is_open = False
    assert bench.send.explain_busy() == OPENING
    assert not bench.send.submit("hello")
    bench.is_open = True
    assert not bench.send.submit("hello")
    bench.send.ask_again()
    assert bench.services.notices == [OPENING, TOO_FEW_MODELS, NO_PROMPT]
    assert bench.send.explain_no_repeat() == NO_PROMPT


async def test_a_prompt_goes_to_every_model_and_can_be_sent_again() -> None:
    bench = Bench(*(well(f"Answer {n}.") for n in range(4)))
    await bench.compare(A, B)
    assert bench.send.submit("hello")
    assert bench.send.explain_busy() == ANSWERS_IN_PROGRESS
    await bench.services.settle()
    bench.send.ask_again()
    await bench.services.settle()
    assert [call["model"] for call in bench.client.calls] == [A.model, B.model] * 2
    assert bench.view.drawn
    assert bench.send.explain_no_repeat() == ""


async def test_a_round_that_is_not_confirmed_returns_the_prompt() -> None:
    bench = Bench()
    bench.confirmed = False
    await bench.compare(A, B)
    await bench.ask("a large one")
    assert bench.drafts.given_back == ["a large one"]
    assert bench.comparison.id is None
    assert bench.view.prompt.focused == 1


async def test_the_selection_steps_and_new_targets_wait_behind_answered_ones() -> None:
    bench = Bench(*(well(f"Answer {n}.") for n in range(6)))
    selection = bench.selection
    assert not selection.step_run(1)
    assert not selection.step_prompt(1)
    await bench.compare(A, B, runs=2)
    await bench.ask("one")
    await bench.compare(B, A)
    await bench.ask("two")
    selection.step_prompt(-1)
    assert selection.turn is bench.comparison.turns[0]
    assert not selection.at_newest
    selection.step_run(-1)
    assert selection.run == 1
    selection.step_run(1)
    assert selection.run is None, "the newest is followed"
    selection.select_newest()
    await bench.compare(C, B, A)
    assert selection.targets == (B, A, C)


async def test_names_are_letters_until_a_vote_tells_them() -> None:
    bench = Bench(well("One."), well("Two."))
    await bench.compare(A, B, blind=True)
    await bench.ask()
    assert {name.plain for name in bench.presenter.names().values()} == {"A", "B"}
    assert all("maker" not in (content.message.model or "") for content in bench.presenter.contents())  # type: ignore[union-attr]
    assert bench.selection.vote_due
    assert "first" in bench.votes.explain_no_vote()
    bench.view.focused_key = "chat:maker/b"
    bench.votes.vote_for_focused()
    await bench.services.settle()
    assert bench.services.notices[-1].endswith("which is maker/b: 1 of 1 votes.")
    assert not bench.selection.vote_due


async def test_the_ranking_is_sorted_and_scoped() -> None:
    bench = Bench(*(well(f"Answer {n}.") for n in range(4)))
    await bench.compare(A, B)
    bench.ranking.update()
    assert bench.rows == []
    assert not bench.ranking_view.display
    await bench.ask("one")
    await bench.ask("two")
    bench.ranking.update()
    assert [row.planned for row in bench.rows] == [1, 1]
    bench.ranking.toggle_scope()
    assert [row.planned for row in bench.rows] == [2, 2]
    first = bench.column
    bench.ranking.sort_by_next_column()
    assert bench.column is not first
    bench.ranking.toggle_visibility()
    bench.ranking.sort_by_next_column()
    assert bench.services.notices == ["Ranked over all prompts.", "Ranked by tokens of an answer."]


def test_an_answer_costs_what_was_debited_else_what_is_expected() -> None:
    message = replace(ANSWER, receipt=Receipt(debited=2.0, expected=3.0))
    assert price_answer(message, lambda model: None, lambda: pytest.fail("read")) == AnswerCost(2.0, False)
    message = replace(ANSWER, receipt=Receipt(expected=3.0))
    assert price_answer(message, lambda model: None, lambda: pytest.fail("read")) == AnswerCost(3.0)


async def test_the_setup_is_changed_by_a_person_and_adopted_only_before() -> None:
    bench = Bench(results=((A, B, C),))
    bench.setup.adopt(DraftHandoff("hi", A, {"temperature": 0.5}, "Be brief."))
    await bench.services.settle()
    assert bench.view.prompt.text == "hi"
    assert bench.comparison.params == {"temperature": 0.5}
    assert [target.model for target in bench.comparison.setup.lanes] == [A.model]
    await bench.setup.pick_targets()
    assert bench.comparison.setup.lanes == (A, B, C)
    await bench.setup.set_next_runs()
    await bench.setup.change_runs(1)
    assert bench.comparison.setup.runs == 4
    bench.setup.adopt(DraftHandoff("other", B))
    await bench.services.settle()
    assert bench.comparison.setup.lanes == (A, B, C)
    assert bench.view.prompt.text == "hi", "what is written stays"
    await bench.setup.toggle_dialect()
    assert bench.services.notices[-1].startswith("Go to an answer first")


async def test_a_comparison_is_exported_and_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    bench = Bench(well("One."), well("Two."), results=("offered",))
    await bench.storage.export()
    assert bench.services.notices == [NOTHING_TO_EXPORT] == [bench.storage.explain_no_export()]
    await bench.compare(A, B)
    await bench.ask("Hello, you two")
    await bench.storage.export()
    data = json.loads((tmp_path / "comparison-hello-you-two.json").read_text())
    assert [answer["text"] for answer in data["prompts"][0]["answers"]] == ["One.", "Two."]
    assert "> One." in (tmp_path / "comparison-hello-you-two.md").read_text()
    kept = bench.comparison.id
    await bench.storage.start_new()
    assert bench.comparison.id is None
    bench.storage.open(kept or "")
    await bench.services.settle()
    assert bench.comparison.id == kept
    bench.storage.open("conv_gone")
    await bench.services.settle()
    assert bench.services.notices[-1] == "That comparison is not kept any more."


async def test_the_focused_model_is_stopped_or_asked_otherwise_only_when_it_can_be() -> None:
    bench = Bench()
    await bench.compare(A, B)
    assert bench.send.explain_no_stop() == bench.setup.explain_no_dialect() == NO_FOCUSED_ANSWER
    bench.view.focused_key = "chat:maker/a"
    bench.send.stop_target()
    assert bench.services.notices == ["Nothing is coming there."] == [bench.send.explain_no_stop()]
    assert bench.setup.explain_no_dialect() == ""
    await bench.setup.toggle_dialect()
    assert [target.dialect.value for target in bench.comparison.setup.lanes] == ["messages", "chat"]
    await bench.compare(A, B, blind=True)
    assert "names are hidden" in bench.setup.explain_no_dialect()
