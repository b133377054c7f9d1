"""The two dialects a chat model can be spoken to in."""

from __future__ import annotations

from zaguan_tui.sandbox.engine.chat_request import ChatRequest
from zaguan_tui.sandbox.engine.completion import Completion
from zaguan_tui.sandbox.turn import Dialect

OPENAI = Dialect("openai", ChatRequest.parse, Completion)


def anthropic() -> Dialect:
    """Anthropic's dialect; loaded when somebody speaks it."""
    from zaguan_tui.sandbox.engine.message_answer import MessageAnswer
    from zaguan_tui.sandbox.engine.message_request import MessageRequest

    return Dialect("anthropic", MessageRequest.parse, MessageAnswer)
