"""The turn runner: sends, retries, regenerates and compares prompts, and stores the answers.

A turn is on disk before it is on screen, and what comes of it follows twice a second. However it ends,
what came is kept and says how it ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from zaguan_tui.state.chat.live_message import LiveMessage
from zaguan_tui.state.chat.message import Dialect, Message
from zaguan_tui.state.chat.prompt_request import CONTINUE as CONTINUE
from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest
from zaguan_tui.state.chat.stream_adapter import ChatClient as ChatClient
from zaguan_tui.state.chat.stream_adapter import WireTap, make_event_handler, open_stream
from zaguan_tui.state.chat.turn_ending import TOO_LARGE, finish_message
from zaguan_tui.state.conversations.store import ConversationStore
from zaguan_tui.state.core.clock import Clock
from zaguan_tui.state.core.problems import INTERNAL, explain_error
from zaguan_tui.state.core.store import Problem

if TYPE_CHECKING:
    from zaguan_tui.client.streaming.chat import ChatStream
    from zaguan_tui.client.streaming.messages import MessagesStream

TICK_S: Final = 0.25
"""Seconds between two readings of the meter."""

TICKS_PER_SAVE: Final = 2
"""What came is brought to disk every so many ticks: twice a second."""

Explain = Callable[[BaseException], Problem]


class AnswerInProgressError(Exception):
    """An answer is streaming in this conversation; stop it or wait for its end."""


@dataclass(slots=True)
class _RunningRequest:
    """One request under way, from the moment it is asked for, so that it can be stopped at any moment."""

    lane: ModelTarget
    message_id: str | None = None
    stream: ChatStream | MessagesStream | None = None
    listening: asyncio.Task[None] | None = None
    stopped: bool = False
    attempts: int = 1

    def stop(self) -> None:
        self.stopped = True
        if self.listening is not None:
            self.listening.cancel()


class TurnRunner:
    """Sends prompts to models and merges the answers into the conversations.

    What the server or the line does never raises: it is in ``ending`` and ``problem`` of the answer. Every
    way of asking raises ``AlreadyAnsweringError``, ``KeyError`` for a conversation that is not open,
    ``ValueError`` without a model. Cancelling keeps what came, as *cancelled*.
    """

    def __init__(
        self,
        client: ChatClient,
        conversations: ConversationStore,
        clock: Clock,
        explain: Explain = explain_error,
        tap: WireTap | None = None,
    ) -> None:
        self._client = client
        self._conversations = conversations
        self._clock = clock
        self._explain = explain
        self._tap = tap
        self._calls: dict[str, list[_RunningRequest]] = {}

    async def send(
        self,
        conversation_id: str,
        prompt: str | PromptRequest,
        *,
        model: str | None = None,
        params: Mapping[str, object] | None = None,
        dialect: Dialect | None = None,
    ) -> Message:
        """Put ``prompt`` and return the answer when it is over, however it ended.

        Model, params and dialect are the conversation's own when ``None``.
        """
        talk = self._conversations.get(conversation_id)
        lane = ModelTarget(
            model or talk.model or "",
            dialect or talk.dialect,
            talk.params if params is None else params,
        )
        question = PromptRequest(prompt) if isinstance(prompt, str) else prompt
        (answer,) = await self.send_all(conversation_id, question, [lane])
        return answer

    async def send_all(
        self, conversation_id: str, question: PromptRequest, lanes: Sequence[ModelTarget]
    ) -> list[Message]:
        """Put one question down several lanes at once; the answers of one turn, in the order of the lanes."""
        with self._claim_conversation(conversation_id, lanes) as calls:
            lives = await self._conversations.begin(conversation_id, question, lanes)
            return await self._answer_all(calls, lives)

    async def regenerate(
        self,
        conversation_id: str,
        turn_id: str | None = None,
        *,
        model: str | None = None,
        params: Mapping[str, object] | None = None,
        dialect: Dialect | None = None,
    ) -> Message:
        """Ask for one more answer to the prompt of a turn (``None``: the last); *retry* is this too.

        Model, params and dialect are those of its newest answer unless given. Raises ``KeyError`` when there
        is no such turn.
        """
        turns = self._conversations.get(conversation_id).turns
        candidates = [turn for turn in turns if turn_id in (None, turn.id)]
        if not candidates:
            raise KeyError(turn_id)
        turn, before = candidates[-1], candidates[-1].answer
        lane = ModelTarget(model or "", dialect or Dialect.CHAT, params or {})
        if before is not None:
            lane = ModelTarget(
                model or before.model or "",
                dialect or before.dialect,
                before.params if params is None else params,
            )
        (answer,) = await self.regenerate_all(conversation_id, turn.id, [lane])
        return answer

    async def regenerate_all(
        self, conversation_id: str, turn_id: str, lanes: Sequence[ModelTarget]
    ) -> list[Message]:
        """One more answer of each lane to the prompt of a turn. Raises ``KeyError`` without such a turn."""
        with self._claim_conversation(conversation_id, lanes) as calls:
            lives = await self._conversations.begin_again(
                conversation_id, turn_id, [call.lane for call in calls]
            )
            return await self._answer_all(calls, lives)

    def stop(self, conversation_id: str | None = None, message_id: str | None = None) -> int:
        """Stop the answers of a conversation (``None``: of all), or the one of ``message_id``, keeping what
        came; returns how many.
        """
        calls = [
            call
            for talk, under_way in self._calls.items()
            for call in under_way
            if conversation_id in (None, talk) and message_id in (None, call.message_id)
        ]
        for call in calls:
            call.stop()
        return len(calls)

    @property
    def busy(self) -> bool:
        """Whether any answer is being given."""
        return bool(self._calls)

    def answering(self, conversation_id: str) -> bool:
        """Whether an answer is being given in a conversation."""
        return conversation_id in self._calls

    @contextmanager
    def _claim_conversation(
        self, conversation_id: str, lanes: Sequence[ModelTarget]
    ) -> Iterator[list[_RunningRequest]]:
        conversation = self._conversations.get(conversation_id)
        if conversation_id in self._calls:
            raise AnswerInProgressError(conversation_id)
        chosen = [replace(lane, model=lane.model or conversation.model or "") for lane in lanes]
        if not chosen or not all(lane.model for lane in chosen):
            raise ValueError("no model is chosen")
        self._calls[conversation_id] = calls = [_RunningRequest(lane) for lane in chosen]
        try:
            yield calls
        finally:
            del self._calls[conversation_id]

    async def _answer_all(self, calls: list[_RunningRequest], lives: list[LiveMessage]) -> list[Message]:
        """All answers, each to its end, also when one fails by a fault of ours or we are cancelled."""
        answering = [
            asyncio.create_task(self._answer(call, live)) for call, live in zip(calls, lives, strict=True)
        ]
        try:
            await asyncio.wait(answering)
        except asyncio.CancelledError:
            for task in answering:
                task.cancel()
            await asyncio.wait(answering)
            raise
        return [task.result() for task in answering]

    async def _answer(self, call: _RunningRequest, live: LiveMessage) -> Message:
        call.message_id = live.id
        listening = call.listening = asyncio.create_task(self._listen(call, live))
        ticking = asyncio.create_task(self._tick(live))
        if call.stopped:
            listening.cancel()
        try:
            await asyncio.wait({listening})
        except asyncio.CancelledError:
            call.stop()
            await self._end(call, live, listening, ticking)
            raise
        return await self._end(call, live, listening, ticking)

    async def _listen(self, call: _RunningRequest, live: LiveMessage) -> None:
        call.stream = open_stream(self._client, self._conversations, live, call.lane, self._tap)
        take = make_event_handler(self._conversations, live, call.lane.dialect)
        live.gauge.send(self._clock.monotonic())
        async with call.stream as stream:
            response = stream.response
            if response is not None:
                call.attempts = response.meta.attempts
            live.begin(response.meta.request_id if response else None)
            async for event in stream:
                take(event)
                if live.too_large:
                    break

    async def _tick(self, live: LiveMessage) -> None:
        ticks = 0
        while True:
            await self._clock.sleep(TICK_S)
            self._conversations.measure(live)
            ticks += 1
            if ticks % TICKS_PER_SAVE == 0:
                await self._conversations.keep(live)

    async def _end(
        self,
        call: _RunningRequest,
        live: LiveMessage,
        listening: asyncio.Task[None],
        ticking: asyncio.Task[None],
    ) -> Message:
        """Close what is open, keep the answer, and raise only what is our own fault."""
        listening.cancel()
        ticking.cancel()
        await asyncio.wait({listening, ticking})
        error = None if listening.cancelled() else listening.exception()
        fault = None if ticking.cancelled() else ticking.exception()
        # A stream that never ends adds up to more than was taken of it: what was taken stands alone.
        result = call.stream.result() if call.stream and not live.too_large else None
        failure = error or (result.error if result else None)
        problem = TOO_LARGE if live.too_large else self._explain(failure) if failure else None
        answer = finish_message(
            replace(live.message(), attempts=getattr(failure, "attempts", None) or call.attempts),
            result,
            problem=problem,
            cancelled=call.stopped and listening.cancelled(),
        )
        if result is not None and result.usage is not None and answer.usage is not None:
            live.gauge.set_usage(answer.usage)
        self._conversations.measure(live)
        answer = await self._conversations.finish(live, answer)
        if error is not None and problem is not None and problem.kind == INTERNAL:
            raise error
        if fault is not None:
            raise fault
        return answer
