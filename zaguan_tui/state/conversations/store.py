"""Store of open conversations: ended turns, streaming answers, and the notices about both.

An ended turn is immutable (``Conversation``); a streaming answer grows in a ``LiveMessage``: a token costs an
append and a notice, no copy of the text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.state.chat.answer_masks import AnswerMasks, redact_answer
from zaguan_tui.state.chat.live_message import LiveMessage, make_pending_answer
from zaguan_tui.state.chat.message import Message, MessageStatus, Role, new_id
from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest
from zaguan_tui.state.chat.stream_meter import StreamMeter
from zaguan_tui.state.conversations.conversation import (
    UNTITLED,
    Conversation,
    ConversationKind,
    Turn,
    copy_turn,
    make_title,
)
from zaguan_tui.state.conversations.notices import (
    ConversationChanged,
    ConversationNotice,
    ConversationRemoved,
    Delta,
    MessageAmended,
    MeterChanged,
    StorageFailed,
    TextBecameReasoning,
    ToolCallDelta,
    TurnEnded,
    TurnStarted,
)
from zaguan_tui.state.conversations.repository import ConversationRepository
from zaguan_tui.state.conversations.search import ConversationSearch
from zaguan_tui.state.core.clock import Clock
from zaguan_tui.state.core.subscribers import Subscribers, Unsubscribe
from zaguan_tui.storage.conversations import ConversationTable
from zaguan_tui.storage.drafts import DraftTable
from zaguan_tui.storage.search import SearchTable


class ConversationStore:
    """Holds the open conversations. Without tables nothing is remembered beyond the program's life."""

    def __init__(
        self,
        clock: Clock,
        table: ConversationTable | None = None,
        drafts: DraftTable | None = None,
        search: SearchTable | None = None,
    ) -> None:
        self.search = ConversationSearch(search)
        self.masks = AnswerMasks()
        self._clock = clock
        self._memory = ConversationRepository(table, drafts)
        self._memory.on_failure = lambda sentence: self._subscribers.notify(StorageFailed(sentence))
        self._conversations: dict[str, Conversation] = {}
        self._live: dict[str, LiveMessage] = {}
        self._subscribers: Subscribers[ConversationNotice] = Subscribers()

    def watch(self, watcher: Callable[[ConversationNotice], None]) -> Unsubscribe:
        """Call ``watcher`` with every notice of every conversation; returns the undo."""
        return self._subscribers.add(watcher)

    async def recent(self, limit: int = 500) -> list[Conversation]:
        """Stored conversations, the last used first, without their turns."""
        return await self._memory.recent(limit)

    async def open(self, conversation_id: str) -> Conversation:
        """The conversation of that id, read from the file if need be. Raises ``KeyError`` without one."""
        if conversation_id not in self._conversations:
            stored = await self._memory.read(conversation_id)
            if stored is None:
                raise KeyError(conversation_id)
            self._put(stored)
        return self.get(conversation_id)

    def get(self, conversation_id: str) -> Conversation:
        """An open conversation as it stands, answers being given included. Raises ``KeyError``."""
        conversation = self._conversations[conversation_id]
        for live in self.live(conversation_id):
            turn = conversation.turn(live.turn_id).with_answer(live.message())
            conversation = conversation.with_turn(turn)
        return conversation

    def live(self, conversation_id: str) -> list[LiveMessage]:
        """The answers being given in a conversation: none or one, more where models are compared."""
        return [live for live in self._live.values() if live.conversation_id == conversation_id]

    def create(
        self,
        model: str | None = None,
        system_prompt: str = "",
        kind: ConversationKind = ConversationKind.CHAT,
        **facts: Any,
    ) -> Conversation:
        """Begin a conversation. It is remembered from its first turn on. ``facts`` are its other fields."""
        now = self._clock.now()
        begun = Conversation(new_id("conv"), UNTITLED, model, now, now, system_prompt, kind=kind, **facts)
        return self._put(begun)

    async def adopt(self, conversation: Conversation) -> Conversation:
        """Take in a conversation as it is: one that was imported, or removed a moment ago."""
        self._put(conversation)
        await self._memory.save(conversation, *_messages_with_turn_ids(conversation.turns))
        return conversation

    async def change(self, conversation_id: str, **changes: Any) -> Conversation:
        """Give a conversation another title, model, system prompt, dialect, params or setup.

        Raises ``KeyError`` for one that is not open, ``TypeError`` for a field that it has not.
        """
        new = self._put(replace(self._conversations[conversation_id], **changes))
        if new.turns:
            await self._memory.save(new)
        return new

    async def fork(self, conversation_id: str, before_turn: str | None = None) -> Conversation:
        """A new conversation with the turns of another, up to and without ``before_turn`` (``None``: all)."""
        source = self.get(conversation_id)
        now = self._clock.now()
        taken = source.turns if before_turn is None else source.until(before_turn)
        turns = tuple(
            copy_turn(turn)
            for turn in taken
            if turn.answer is None or turn.answer.status is MessageStatus.ENDED
        )
        fork = replace(
            source, id=new_id("conv"), created_at=now, updated_at=now, turns=turns, forked_from=source.id
        )
        await self._memory.save(fork, *_messages_with_turn_ids(turns))
        return self._put(fork)

    async def amend(self, conversation_id: str, message_id: str, **changes: Any) -> Message:
        """Add to an answer that is over what was learned of it later: a receipt, a vote.

        Raises ``KeyError`` when there is no such answer.
        """
        conversation = self._conversations[conversation_id]
        for turn in conversation.turns:
            for answer in turn.answers:
                if answer.id == message_id:
                    amended = replace(answer, **changes)
                    changed = conversation.with_turn(turn.with_answer(amended))
                    self._conversations[conversation_id] = changed
                    await self._memory.save(changed, (turn.id, amended))
                    self._subscribers.notify(MessageAmended(conversation_id, amended))
                    return amended
        raise KeyError(message_id)

    async def remove(self, conversation_id: str) -> None:
        """Delete a conversation, also from the file. :meth:`adopt` brings it back."""
        self._conversations.pop(conversation_id, None)
        for live in self.live(conversation_id):
            del self._live[live.id]
        await self._memory.remove(conversation_id)
        self._subscribers.notify(ConversationRemoved(conversation_id))

    async def read_draft(self, place: str) -> str:
        """What was typed at ``place`` (``conversation:ID``, ``playground:new``) and not sent."""
        return await self._memory.read_draft(place)

    async def save_draft(self, place: str, text: str) -> None:
        """Keep what is typed at ``place``; an empty text forgets it."""
        await self._memory.save_draft(place, text, self._clock.now())

    async def begin(
        self, conversation_id: str, question: PromptRequest, lanes: Sequence[ModelTarget]
    ) -> list[LiveMessage]:
        """Put a prompt: a new turn that awaits an answer for each lane. On disk before anybody is told."""
        conversation = self._conversations[conversation_id]
        role = Role.TOOL if question.tool_results else Role.USER
        prompt = Message(
            new_id("msg"),
            role,
            question.text,
            self._clock.now(),
            attachments=question.attachments,
            tool_results=question.tool_results,
        )
        new = conversation.title == UNTITLED
        title = make_title(self.masks.redact(question.title_text)) if new else conversation.title
        return await self._await(replace(conversation, title=title), Turn(new_id("turn"), prompt), lanes)

    async def begin_again(
        self, conversation_id: str, turn_id: str, lanes: Sequence[ModelTarget]
    ) -> list[LiveMessage]:
        """Await one more answer to the prompt of a turn for each lane. On disk before anybody is told."""
        conversation = self._conversations[conversation_id]
        for answer in conversation.turn(turn_id).answers:
            if answer.chosen and conversation.kind is ConversationKind.CHAT:  # the newest counts again
                await self.amend(conversation_id, answer.id, chosen=False)
        conversation = self._conversations[conversation_id]
        return await self._await(conversation, conversation.turn(turn_id), lanes)

    def append(self, live: LiveMessage, text: str = "", reasoning: str = "") -> None:
        """More of an answer came."""
        at = self._clock.monotonic()
        live.gauge.count(text or reasoning, at)
        text = live.text.append(text) if text else ""
        reasoning = live.reasoning.append(reasoning) if reasoning else ""
        if text or reasoning:
            self._subscribers.notify(Delta(live.conversation_id, live.id, text, reasoning))

    def append_call(
        self, live: LiveMessage, call: int, call_id: str | None, name: str, arguments: str
    ) -> None:
        """More of a tool call came."""
        live.gauge.count(arguments, self._clock.monotonic())
        arguments = live.grow_call(call, call_id, name, arguments)
        self._subscribers.notify(ToolCallDelta(live.conversation_id, live.id, call, name, arguments))

    def text_became_reasoning(self, live: LiveMessage) -> None:
        """All text of an answer so far turned out to be reasoning."""
        live.text_became_reasoning()
        self._subscribers.notify(TextBecameReasoning(live.conversation_id, live.id))

    def measure(self, live: LiveMessage) -> None:
        """Tell the figures of an answer as they stand."""
        meter = live.gauge.read(self._clock.monotonic())
        self._subscribers.notify(MeterChanged(live.conversation_id, live.id, meter))

    async def keep(self, live: LiveMessage) -> None:
        """Bring to disk what came of an answer since the last time."""
        if live.id in self._live:
            await self._memory.keep(live)

    async def finish(self, live: LiveMessage, answer: Message) -> Message:
        """An answer is over: on disk, then told. An empty failure gives its prompt back with the notice."""
        now = self._clock.now()
        answer = redact_answer(answer, self.masks.redact)
        if any(held := live.release()):
            self._subscribers.notify(Delta(live.conversation_id, live.id, *held))
        self._live.pop(live.id, None)
        conversation = self._conversations.get(live.conversation_id)
        if conversation is None:  # removed while the answer was given
            return answer
        turn = conversation.turn(live.turn_id).with_answer(answer)
        self._conversations[conversation.id] = replace(conversation.with_turn(turn), updated_at=now)
        await self._memory.finish(live, answer, now)
        prompt = turn.prompt.text if answer.empty and answer.problem else None
        self._subscribers.notify(TurnEnded(conversation.id, turn.id, answer, prompt))
        return answer

    async def _await(
        self, conversation: Conversation, turn: Turn, lanes: Sequence[ModelTarget]
    ) -> list[LiveMessage]:
        now = self._clock.now()
        answers = [make_pending_answer(lane, now) for lane in lanes]
        for answer in answers:
            turn = turn.with_answer(answer)
        chat = conversation.kind is ConversationKind.CHAT
        model = lanes[-1].model if chat else conversation.model
        changed = replace(conversation.with_turn(turn), model=model, updated_at=now)
        gauges = [StreamMeter(self._clock.monotonic()) for _ in answers]
        lives = [
            LiveMessage(answer, changed.id, turn.id, gauge, self.masks.make)
            for answer, gauge in zip(answers, gauges, strict=True)
        ]
        self._conversations[changed.id] = changed
        self._live |= {live.id: live for live in lives}
        started = TurnStarted(changed.id, turn.id, turn.prompt, tuple(answers))
        messages = [(turn.id, message) for message in (turn.prompt, *answers)]
        try:
            await self._memory.save(changed, *messages)
        except asyncio.CancelledError:
            self._subscribers.notify(started)
            for live, answer in zip(lives, answers, strict=True):
                over = replace(answer, status=MessageStatus.ENDED, ending=Ending.CANCELLED)
                await self.finish(live, over)
            raise
        self._subscribers.notify(started)
        return lives

    def _put(self, conversation: Conversation) -> Conversation:
        self._conversations[conversation.id] = conversation
        self._subscribers.notify(ConversationChanged(conversation.id, conversation))
        return conversation


def _messages_with_turn_ids(turns: Sequence[Turn]) -> list[tuple[str, Message]]:
    return [(turn.id, message) for turn in turns for message in (turn.prompt, *turn.answers)]
