"""The one way a prompt is put to a model: sending, retrying, regenerating and comparing are all this runner.

A turn is on disk before it is on screen, and what comes of it follows twice a second. However it ends,
what came is kept and says how it ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from .clock import Clock
from .conversation import history
from .conversations import ConversationStore
from .live_message import LiveMessage
from .message import Message, Role, TokenUsage
from .problems import INTERNAL, problem_from
from .store import Problem
from .turn_ending import ended

if TYPE_CHECKING:
    from zaguan_tui.client.streams import ChatStream, StreamEvent

TICK_S: Final = 0.25
"""Seconds between two readings of the meter."""

TICKS_PER_SAVE: Final = 2
"""What came is brought to disk every so many ticks: twice a second."""

Explain = Callable[[BaseException], Problem]


class ChatClient(Protocol):
    """What the runner asks of a client."""

    def chat_stream(self, *, model: str, messages: list[dict[str, Any]], **params: Any) -> ChatStream:
        """A stream that sends its request when it is entered."""
        ...


class AlreadyAnsweringError(Exception):
    """An answer is being given in this conversation; stop it or wait for its end."""


@dataclass(slots=True)
class _Call:
    """One request under way, from the moment it is asked for, so that it can be stopped at any moment."""

    model: str
    params: Mapping[str, object]
    stream: ChatStream | None = None
    listening: asyncio.Task[None] | None = None
    stopped: bool = False

    def stop(self) -> None:
        self.stopped = True
        if self.listening is not None:
            self.listening.cancel()


class TurnRunner:
    """Puts prompts to models and merges what comes into the conversations."""

    def __init__(
        self,
        client: ChatClient,
        conversations: ConversationStore,
        clock: Clock,
        explain: Explain = problem_from,
    ) -> None:
        self._client = client
        self._conversations = conversations
        self._clock = clock
        self._explain = explain
        self._calls: dict[str, _Call] = {}

    async def send(
        self,
        conversation_id: str,
        prompt: str,
        *,
        model: str | None = None,
        params: Mapping[str, object] | None = None,
    ) -> Message:
        """Put ``prompt`` and return the answer when it is over, however it ended.

        ``model`` is the conversation's own when ``None``; ``params`` go into the request as they are. What
        the server or the line does never raises: it is in ``ending`` and ``problem``. Raises
        ``AlreadyAnsweringError``, ``KeyError`` for a conversation that is not open, ``ValueError`` without
        a model. Cancelling keeps what came, as *cancelled*.
        """
        with self._calling(conversation_id, model, params or {}) as call:
            live = await self._conversations.begin(conversation_id, prompt, call.model, call.params)
            return await self._answer(call, live)

    async def regenerate(
        self,
        conversation_id: str,
        turn_id: str | None = None,
        *,
        model: str | None = None,
        params: Mapping[str, object] | None = None,
    ) -> Message:
        """Ask for one more answer to the prompt of a turn (``None``: the last); *retry* is this too.

        Model and params are those of its newest answer unless given. Raises as ``send``, and ``KeyError``
        when there is no such turn.
        """
        turns = self._conversations.get(conversation_id).turns
        found = [turn for turn in turns if turn_id in (None, turn.id)]
        if not found:
            raise KeyError(turn_id)
        turn = found[-1]
        if turn.answer is not None:
            model = model or turn.answer.model
            params = turn.answer.params if params is None else params
        with self._calling(conversation_id, model, params or {}) as call:
            live = await self._conversations.begin_again(conversation_id, turn.id, call.model, call.params)
            return await self._answer(call, live)

    def stop(self, conversation_id: str | None = None) -> int:
        """Stop the answer of a conversation (``None``: every one), keeping what came; returns how many."""
        calls = [call for talk, call in self._calls.items() if conversation_id in (None, talk)]
        for call in calls:
            call.stop()
        return len(calls)

    def answering(self, conversation_id: str) -> bool:
        """Whether an answer is being given in a conversation."""
        return conversation_id in self._calls

    @contextmanager
    def _calling(
        self, conversation_id: str, model: str | None, params: Mapping[str, object]
    ) -> Iterator[_Call]:
        conversation = self._conversations.get(conversation_id)
        if conversation_id in self._calls:
            raise AlreadyAnsweringError(conversation_id)
        chosen = model or conversation.model
        if not chosen:
            raise ValueError("no model is chosen")
        self._calls[conversation_id] = call = _Call(chosen, params)
        try:
            yield call
        finally:
            del self._calls[conversation_id]

    async def _answer(self, call: _Call, live: LiveMessage) -> Message:
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

    async def _listen(self, call: _Call, live: LiveMessage) -> None:
        conversation = self._conversations.get(live.conversation_id)
        turn = conversation.turn(live.turn_id)
        messages = history(conversation.until(turn.id), conversation.system_prompt)
        messages.append({"role": Role.USER.value, "content": turn.prompt.text})
        call.stream = self._client.chat_stream(model=call.model, messages=messages, **call.params)
        take = _taker(self._conversations, live)
        async with call.stream as stream:
            response = stream.response
            live.begin(response.meta.request_id if response else None)
            async for event in stream:
                take(event)

    async def _tick(self, live: LiveMessage) -> None:
        ticks = 0
        while True:
            await self._clock.sleep(TICK_S)
            self._conversations.measure(live)
            ticks += 1
            if ticks % TICKS_PER_SAVE == 0:
                await self._conversations.keep(live)

    async def _end(
        self, call: _Call, live: LiveMessage, listening: asyncio.Task[None], ticking: asyncio.Task[None]
    ) -> Message:
        """Close what is open, keep the answer, and raise only what is our own fault."""
        listening.cancel()
        ticking.cancel()
        await asyncio.wait({listening, ticking})
        error = None if listening.cancelled() else listening.exception()
        fault = None if ticking.cancelled() else ticking.exception()
        result = call.stream.result() if call.stream else None
        told = error or (result.error if result else None)
        problem = self._explain(told) if told else None
        answer = ended(
            live.message(),
            result,
            problem=problem,
            cancelled=call.stopped and listening.cancelled(),
        )
        if result is not None and result.usage is not None and answer.usage is not None:
            live.gauge.tell_usage(answer.usage)
        self._conversations.measure(live)
        answer = await self._conversations.finish(live, answer)
        if error is not None and problem is not None and problem.kind == INTERNAL:
            raise error
        if fault is not None:
            raise fault
        return answer


def _taker(conversations: ConversationStore, live: LiveMessage) -> Callable[[StreamEvent], None]:
    """What puts the events of one stream into one answer. Only the first choice is the answer."""
    from zaguan_tui.client import stream_events as wire

    def take(event: StreamEvent) -> None:
        if event.index:
            return
        match event:
            case wire.TextDelta(text=text):
                conversations.append(live, text)
            case wire.ReasoningDelta(text=text):
                conversations.append(live, reasoning=text)
            case wire.TextBecameReasoning():
                conversations.text_became_reasoning(live)
            case wire.ToolCallDelta(call=call, id=call_id, name=name, arguments=arguments):
                conversations.append_call(live, call, call_id, name, arguments)
            case wire.UsageUpdate(usage=usage):
                live.gauge.tell_usage(
                    TokenUsage(
                        usage.prompt_tokens,
                        usage.completion_tokens,
                        usage.total_tokens,
                        usage.cached_tokens,
                        usage.reasoning_tokens,
                        usage.cost,
                    )
                )
            case wire.RefusalDelta() | wire.StreamEnded():
                pass  # both are in the result

    return take
