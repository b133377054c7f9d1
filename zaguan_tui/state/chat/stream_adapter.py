"""Stream adapter: opens the stream of a target's dialect, and feeds its events into the live message."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from zaguan_tui.state.chat.dialects import chat_params, messages_params
from zaguan_tui.state.chat.live_message import LiveMessage
from zaguan_tui.state.chat.message import Dialect
from zaguan_tui.state.chat.prompt_request import ModelTarget
from zaguan_tui.state.conversations.conversation import ConversationKind
from zaguan_tui.state.conversations.model_context import (
    build_chat_messages,
    build_messages_turns,
    turns_of_target,
)
from zaguan_tui.state.conversations.store import ConversationStore

if TYPE_CHECKING:
    from zaguan_tui.client.streaming.chat import ChatStream, StreamEvent
    from zaguan_tui.client.streaming.messages import MessagesStream


class ChatClient(Protocol):
    """The streaming calls of a client."""

    def chat_stream(self, *, model: str, messages: list[dict[str, Any]], **params: Any) -> ChatStream:
        """A stream that sends its request when it is entered."""
        ...

    def messages_stream(self, *, model: str, messages: list[dict[str, Any]], **params: Any) -> MessagesStream:
        """The same in the Messages dialect."""
        ...


class WireTap(Protocol):
    """Records the wire of an answer."""

    def watch(self, message_id: str) -> dict[str, Any]:
        """What a stream call needs beside its parameters, so that the wire of this answer can be seen."""
        ...


def open_stream(
    client: ChatClient,
    conversations: ConversationStore,
    live: LiveMessage,
    lane: ModelTarget,
    tap: WireTap | None,
) -> ChatStream | MessagesStream:
    """The stream of one answer, not entered yet. Raises the client's ``ArgumentError`` for its parameters."""
    conversation = conversations.get(live.conversation_id)
    turn = conversation.turn(live.turn_id)
    before = conversation.until(turn.id)
    if conversation.kind is ConversationKind.COMPARISON:
        before = tuple(turns_of_target(before, lane))
    extra = {} if tap is None else tap.watch(live.id)
    if lane.dialect is Dialect.MESSAGES:
        params = messages_params(lane.params)
        if conversation.system_prompt.strip():
            params["system"] = conversation.system_prompt
        messages = build_messages_turns(before, turn.prompt, lane.model)
        return client.messages_stream(model=lane.model, messages=messages, **params, **extra)
    messages = build_chat_messages(before, conversation.system_prompt, turn.prompt)
    return client.chat_stream(model=lane.model, messages=messages, **chat_params(lane.params), **extra)


def make_event_handler(
    conversations: ConversationStore, live: LiveMessage, dialect: Dialect
) -> Callable[[StreamEvent], None]:
    """What puts the events of one stream into one answer.

    Of a chat only the first choice is the answer; in the Messages dialect the index is that of a block.
    """
    from zaguan_tui.client.streaming import events as wire

    def take(event: StreamEvent) -> None:
        if event.index and dialect is Dialect.CHAT:
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
            case wire.ImageReceived(image=image):
                live.add_image(image)
                conversations.append(live)
            case wire.UsageUpdate(usage=usage):
                live.gauge.set_usage(usage)
            case wire.RefusalDelta() | wire.StreamEnded():
                pass  # both are in the result

    return take
