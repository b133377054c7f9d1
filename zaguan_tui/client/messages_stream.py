"""The messages stream (Anthropic dialect), with the same events and endings as the chat stream."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from .event_stream import ErrorReader, EventStream, FrameTap, StreamOpener, StreamSettings
from .message_merge import MessageMerge
from .message_result import MessageResult
from .stall import StallLimits
from .stream_events import StreamEvent
from .types.base import Drift

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
