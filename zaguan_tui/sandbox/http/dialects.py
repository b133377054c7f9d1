"""The two chat dialects: OpenAI and Anthropic."""

from __future__ import annotations

from zaguan_tui.sandbox.calls.chat_turn import Dialect
from zaguan_tui.sandbox.engine.chat.completion import Completion
from zaguan_tui.sandbox.engine.chat.request import ChatRequest

OPENAI = Dialect("openai", ChatRequest.parse, Completion)


def anthropic() -> Dialect:
    """Anthropic's dialect; imported by its first request."""
    from zaguan_tui.sandbox.engine.chat.message_answer import MessageAnswer
    from zaguan_tui.sandbox.engine.chat.message_request import MessageRequest

    return Dialect("anthropic", MessageRequest.parse, MessageAnswer)
