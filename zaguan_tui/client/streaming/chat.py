"""``ChatStream``: events and result of a streamed chat completion."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.event_stream import (
    ErrorReader,
    EventStream,
    FrameTap,
    StreamOpener,
    StreamSettings,
)
from zaguan_tui.client.streaming.events import (
    ReasoningDelta,
    RefusalDelta,
    StreamEnded,
    StreamEvent,
    TextBecameReasoning,
    TextDelta,
    ToolCallDelta,
    UsageUpdate,
)
from zaguan_tui.client.streaming.merge.chat import ChatMerge
from zaguan_tui.client.streaming.merge.chat_result import ChatResult, ChoiceResult
from zaguan_tui.client.streaming.stall import StallLimits
from zaguan_tui.client.streaming.timings import Gap, Timings
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.client.types.core.base import Drift

__all__ = [
    "ChatResult",
    "ChatStream",
    "ChoiceResult",
    "Ending",
    "Gap",
    "ReasoningDelta",
    "RefusalDelta",
    "StallLimits",
    "StreamEnded",
    "StreamEvent",
    "TextBecameReasoning",
    "TextDelta",
    "Timings",
    "ToolCall",
    "ToolCallDelta",
    "Usage",
    "UsageUpdate",
]


class ChatStream(EventStream[StreamEvent, ChatResult]):
    """A streamed chat completion (``POST /v1/chat/completions``).

    ::

        async with client.chat_stream(model=…, messages=…) as stream:
            async for event in stream:
                match event:
                    case TextDelta(text=text): ...
                    case StreamEnded(ending=ending): ...
            final = stream.result()

    ``open`` sends the request. ``limits`` says how long silence is borne, ``on_frame`` sees raw frames,
    ``on_error`` makes the typed error of an error frame, ``clean`` takes keys out of the notes. ``clock``
    gives seconds.
    """

    def __init__(
        self,
        open: StreamOpener,  # noqa: A002 - the name every caller uses
        *,
        model: str | None,
        clock: Callable[[], float] = time.perf_counter,
        limits: StallLimits | None = None,
        on_frame: FrameTap | None = None,
        on_error: ErrorReader | None = None,
        clean: Callable[[str], str] = str,
    ) -> None:
        drift = Drift()
        settings = StreamSettings(clock, limits or StallLimits(), on_frame, clean=clean)
        if on_error is not None:
            settings = replace(settings, on_error=on_error)
        super().__init__(open, ChatMerge(drift), drift, model=model, settings=settings)
