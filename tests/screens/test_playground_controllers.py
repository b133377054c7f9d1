"""The controllers of the playground: send, conversations, branches, parameters, cost; without a terminal but
for the last test."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import pytest
from textual.actions import parse

from screens.playground_scene import playing, scripted, well
from screens.stage import StageGateway, StageSession
from zaguan_tui.actions.registry import ACTIONS
from zaguan_tui.screens.chat.chat_session import ChatSession
from zaguan_tui.screens.chat.drafts import DraftKeeper
from zaguan_tui.screens.chat.error_messages import (
    ANSWER_IN_PROGRESS,
    NO_MODEL,
    NO_PROMPT,
    NOTHING_DELETED,
    OPENING,
)
from zaguan_tui.screens.chat.parameters.sheet import ParameterChoice
from zaguan_tui.screens.common.connection_info import ConnectionInfo
from zaguan_tui.screens.playground.controllers.attachments import AttachmentController
from zaguan_tui.screens.playground.controllers.branches import NO_FURTHER, ONE_ANSWER, BranchController
from zaguan_tui.screens.playground.controllers.conversations import ConversationController
from zaguan_tui.screens.playground.controllers.cost_estimate import CostEstimateController
from zaguan_tui.screens.playground.controllers.parameters import ParameterController
from zaguan_tui.screens.playground.controllers.send import SendController
from zaguan_tui.state.chat.message import Attachment, Dialect
from zaguan_tui.state.chat.prompt_request import PromptRequest
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.credits.estimate import CostEstimate

MODEL = "maker-0/model-000"


class FakeServices:
    """Records notices, runs workers as tasks, and dismisses sheets with ``results``."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.notices: list[str] = []
        self.results: list[Any] = []
        self.tasks: dict[str, list[asyncio.Task[Any]]] = {}
        self.focused = None

    def warn(self, sentence: str) -> None:
        self.warnings.append(sentence)

    def inform(self, sentence: str, **_: Any) -> None:
        self.notices.append(sentence)

    def hint(self, sentence: str) -> None:
        self.notices.append(sentence)

    def run(
        self, group: str, work: Callable[..., Coroutine[Any, Any, Any]], *args: Any, exclusive: bool = False
    ) -> None:
        if exclusive:
            self.cancel(group)
        self.tasks.setdefault(group, []).append(asyncio.ensure_future(work(*args)))

    def cancel(self, group: str) -> None:
        for task in self.tasks.pop(group, []):
            task.cancel()

    async def show_sheet(self, _sheet: object) -> Any:
        return self.results.pop(0)

    def refresh_bindings(self) -> None:
        pass


class FakePrompt:
    """The text of the prompt."""

    def __init__(self) -> None:
        self.text = ""
        self.suggestions: tuple[str, ...] = ()
        self._tasks: list[asyncio.Future[Any]] = []

    def write(self, text: str) -> None:
        self.text = text

    def put_above(self, text: str) -> None:
        self.text = "\n".join(part for part in (text, self.text) if part)

    def focus(self) -> None:
        pass

    def set_timer(self, *_: Any) -> None:
        pass

    def call_later(self, callback: Callable[..., Any], *args: Any) -> None:
        self._tasks.append(asyncio.ensure_future(callback(*args)))


class FakeTranscript:
    """Knows which conversation it shows."""

    conversation: Any = None
    shown_answer = ""

    async def open(self, conversation: Any, _turn_id: str | None = None) -> None:
        self.conversation = conversation

    def answer_at(self, _focused: object) -> None:
        return None

    def number_answers(self, _conversation: Any) -> None:
        pass

    def show_answer(self, message_id: str) -> None:
        self.shown_answer = message_id

    def written(self, _text: str) -> None:
        pass


@dataclass
class Controllers:
    """The controllers on a scripted gateway, with what they work on."""

    session: ChatSession
    services: Any
    prompt: Any
    transcript: Any
    gateway: StageGateway
    app_state: Any
    attachments: AttachmentController
    cost: CostEstimateController
    sender: SendController
    conversations: ConversationController
    branches: BranchController
    parameters: ParameterController
    estimates: list[CostEstimate | None]

    async def send(self, text: str) -> None:
        """Send a prompt and wait until its answer is over."""
        assert self.sender.submit(text)
        await asyncio.gather(*self.services.tasks["turn"])


async def make_controllers(*scripts: list[Any], model: str | None = MODEL) -> Controllers:
    """The controllers of a screen that is ready, without the screen."""
    gateway = StageGateway(FakeClock())
    scripted(*scripts)(gateway)
    stage = StageSession(gateway, ConnectionInfo("work", "prod", "127.0.0.1:8787", configured=True))
    await stage.open()
    state = stage.app_state
    session, estimates = ChatSession(state), []
    services: Any = FakeServices()
    prompt: Any = FakePrompt()
    transcript: Any = FakeTranscript()
    if model is not None:
        await session.choose_model(model)
    attachments = AttachmentController(state, session, prompt, services, lambda _files: None)
    cost = CostEstimateController(
        state, session, services, lambda: PromptRequest(prompt.text, attachments.files), estimates.append
    )
    drafts = DraftKeeper(state, session, prompt)
    sender = SendController(session, drafts, attachments, cost, services)
    sender.ready = True
    conversations = ConversationController(
        state,
        session,
        drafts,
        prompt,
        transcript,
        sender,
        services,
        show_title=lambda _title: None,
        on_switch=lambda: None,
        on_model_change=lambda: None,
    )
    branches = BranchController(
        state, session, prompt, transcript, services, sender, attachments, conversations
    )
    parameters = ParameterController(state, session, services, lambda: None)
    return Controllers(
        session,
        services,
        prompt,
        transcript,
        gateway,
        state,
        attachments,
        cost,
        sender,
        conversations,
        branches,
        parameters,
        estimates,
    )


async def test_a_prompt_goes_out_once_with_its_files() -> None:
    it = await make_controllers(well("One."))
    it.attachments.add([Attachment("notes.txt", "text/plain", "hello", 5)])
    assert it.sender.submit("first")
    assert not it.attachments.files
    assert not it.sender.submit("at once"), "the answer is still to come"
    assert it.services.warnings == [ANSWER_IN_PROGRESS]
    await asyncio.gather(*it.services.tasks["turn"])
    assert len(it.gateway.chats) == 1
    assert "hello" in str(it.gateway.chats[0]["messages"])
    assert it.sender.disabled_reason() == ""
    assert it.sender.stop_reason()


@pytest.mark.parametrize(("model", "ready", "reason"), [(None, True, NO_MODEL), (MODEL, False, OPENING)])
async def test_a_prompt_is_refused_with_the_reason(model: str | None, ready: bool, reason: str) -> None:
    it = await make_controllers(model=model)
    it.sender.ready = ready
    assert it.sender.disabled_reason() == reason
    assert not it.sender.submit("hello")
    assert it.services.warnings == [reason]
    assert it.session.id is None


async def test_an_unsent_prompt_comes_back_with_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    it = await make_controllers()

    async def refuse(_request: object) -> bool:
        return False

    monkeypatch.setattr(it.cost, "confirm", refuse)
    it.attachments.add([Attachment("notes.txt", "text/plain", "hello", 5)])
    await it.send("a question")
    assert it.prompt.text == "a question"
    assert [file.name for file in it.attachments.files] == ["notes.txt"]
    assert it.session.id is None
    assert not it.gateway.chats


async def test_conversations_are_cleared_and_opened_again() -> None:
    it = await make_controllers(well("One."))
    assert it.conversations.export_reason() == it.conversations.rename_reason() == NO_PROMPT
    await it.send("first")
    conversation_id = it.session.id
    it.prompt.text = "a draft"
    await it.conversations.begin_new()
    assert (it.session.id, it.prompt.text, it.transcript.conversation) == (None, "", None)
    await it.conversations.open_or_warn(conversation_id)
    assert it.session.id == it.transcript.conversation.id == conversation_id
    assert it.prompt.text == "a draft", "every conversation has its own draft"
    assert it.sender.opening == 0
    it.services.results = ["Another title"]
    await it.conversations.rename()
    assert it.session.conversation.title == "Another title"


async def test_what_cannot_be_opened_is_said() -> None:
    it = await make_controllers()
    await it.conversations.open_or_warn("conv_gone")
    assert it.services.warnings == ["That conversation is not kept any more."]
    assert it.conversations.undo_reason() == NOTHING_DELETED
    it.sender.ready = False
    await it.conversations.open_or_warn("conv_gone")
    assert it.services.warnings[-1] == OPENING


async def test_a_fork_goes_on_from_a_turn() -> None:
    it = await make_controllers(well("One."))
    assert it.branches.fork_reason() == it.branches.edit_reason() == it.branches.retry_reason() == NO_PROMPT
    await it.send("first")
    source = it.session.id
    await it.branches.fork()
    assert it.session.id != source
    assert it.session.conversation.forked_from == source
    assert it.services.notices == ["A fork with one turn; the other conversation is as it was."]
    await it.branches.edit_prompt()
    assert it.session.id is None, "before the first prompt there is nothing to fork"
    assert it.prompt.text == "first"


async def test_another_answer_counts() -> None:
    it = await make_controllers(well("One."), well("Uno."))
    await it.send("first")
    assert it.branches.choose_reason() == ONE_ANSWER
    it.branches.retry()
    await asyncio.gather(*it.services.tasks["turn"])
    assert it.branches.choose_reason() == ""
    assert it.branches.turn.answer.text == "Uno."
    await it.branches.choose_answer(-1)
    assert it.branches.turn.answer.text == "One."
    assert it.transcript.shown_answer == it.branches.turn.answer.id
    await it.branches.choose_answer(-1)
    assert it.services.notices == [NO_FURTHER]


async def test_parameters_and_dialect_go_with_the_next_prompt() -> None:
    it = await make_controllers(well("One."))
    it.services.results = [ParameterChoice(MODEL, Dialect.CHAT, {"temperature": 0.5}), "Be brief.", None]
    await it.parameters.edit()
    await it.parameters.edit_system_prompt()
    await it.parameters.edit()
    await it.parameters.toggle_dialect()
    assert it.services.notices == ["Prompts go to /v1/messages now."]
    await it.send("first")
    (chat,) = it.gateway.chats
    assert (chat["dialect"], chat["temperature"], chat["system"]) == ("messages", 0.5, "Be brief.")


async def test_the_cost_is_estimated_while_one_writes() -> None:
    it = await make_controllers()
    it.cost.update()
    assert it.estimates == [None]
    it.prompt.text = "How many tokens are these?"
    it.cost.update()
    await it.app_state.clock.settle()
    assert it.cost.estimate is not None
    assert it.cost.estimate.tokens_in > 4
    it.prompt.text = ""
    it.cost.update()
    assert it.estimates[-1] is None


@pytest.mark.parametrize("confirmed", [True, False])
async def test_a_large_send_is_asked_about(confirmed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    it = await make_controllers()
    request = it.session.ask(PromptRequest("an epic"))
    assert await it.cost.confirm(request), "a small one goes out without a question"
    monkeypatch.setattr(it.app_state.estimates, "trips", lambda _total: True)
    it.services.results = [confirmed]
    assert await it.cost.confirm(request) is confirmed
    assert not it.services.results


async def test_every_action_of_the_screen_runs_and_says_why_it_cannot() -> None:
    async with playing(well("One.")) as (scene, _):
        await scene.until(lambda: scene.ready)
        rows = [action for action in ACTIONS if action.where == "playground"]
        names = {action.id: parse(action.act)[1] for action in rows}
        assert [name for name in names.values() if not hasattr(scene.screen, f"action_{name}")] == []
        reasons = {action_id: scene.screen.disabled_reason(action_id) for action_id in names}
        assert reasons["playground.copy"] == "There is nothing to copy yet."
        assert reasons["playground.retry"] == reasons["conversation.fork"] == NO_PROMPT
        assert scene.screen.disabled_reason("wire.save") == "No request of this answer is kept."
        assert not reasons["playground.model"]
        await scene.ask("hello")
        assert not scene.screen.disabled_reason("playground.copy")
        assert scene.screen.disabled_reason("answer.continue").startswith("The answer is whole")
