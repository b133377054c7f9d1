"""The messages stream (Anthropic dialect), with the same events and endings as the chat stream."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from zaguan_tui.client.streaming.event_stream import (
    ErrorReader,
    EventStream,
    FrameTap,
    StreamOpener,
    StreamSettings,
)
from zaguan_tui.client.streaming.events import StreamEvent
from zaguan_tui.client.streaming.merge.message_result import MessageResult
from zaguan_tui.client.streaming.merge.messages import MessageMerge
from zaguan_tui.client.streaming.stall import StallLimits
from zaguan_tui.client.types.core.base import Drift

__all__ = ["MessageResult", "MessagesStream"]


class MessagesStream(EventStream[StreamEvent, MessageResult]):
    """A streamed message (``POST /v1/messages``); used as :class:`~.streams.ChatStream` is.

    ``index`` of an event is the content block it belongs to. ``message_stop`` is the end marker; signatures
    and citations are in the result's blocks.
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
        super().__init__(open, MessageMerge(drift), drift, model=model, settings=settings)
