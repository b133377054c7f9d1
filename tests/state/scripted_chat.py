"""A chat client that plays a script: events, pauses of a clock, errors. Same shape as the real one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from zaguan_tui.client.dispatch.trace import ResponseMeta
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import (
    ImageReceived,
    ReasoningDelta,
    StreamEnded,
    TextBecameReasoning,
    TextDelta,
    UsageUpdate,
)
from zaguan_tui.client.streaming.merge.chat_result import ChatResult
from zaguan_tui.client.streaming.timings import Timings
from zaguan_tui.client.types.answers.citations import Citation
from zaguan_tui.state.core.clock import Clock


@dataclass
class Pause:
    """So many seconds in which nothing comes."""

    seconds: float


@dataclass
class Answered:
    """Status and headers have come."""

    meta: ResponseMeta = field(default_factory=lambda: ResponseMeta(status=200, request_id="req_1"))


class ScriptedStream:
    """Plays its script once, as ``ChatStream`` would."""

    citations: tuple[Citation, ...] = ()

    def __init__(self, script: list[Any], clock: Clock) -> None:
        self.script = script
        self.clock = clock
        self.response: Answered | None = None
        self.closed = False
        self.text: list[str] = []
        self.reasoning: list[str] = []
        self.images: list[Any] = []
        self.usage: Any = None
        self.ending: Ending | None = None
        self.error: Any = None

    async def __aenter__(self) -> Self:
        while self.script and isinstance(self.script[0], (Pause, BaseException)):
            step = self.script.pop(0)
            if isinstance(step, BaseException):
                raise step
            await self.clock.sleep(step.seconds)
        self.response = Answered()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closed = True
        self.ending = self.ending or Ending.CANCELLED

    async def __aiter__(self) -> AsyncIterator[Any]:
        for step in self.script:
            match step:
                case Pause(seconds=seconds):
                    await self.clock.sleep(seconds)
                    continue
                case Citation():
                    self.citations += (step,)
                    continue
                case BaseException():
                    raise step
                case TextDelta(text=text, index=0):
                    self.text.append(text)
                case ReasoningDelta(text=text):
                    self.reasoning.append(text)
                case TextBecameReasoning():
                    self.reasoning, self.text = self.reasoning + self.text, []
                case ImageReceived(image=image):
                    self.images.append(image)
                case UsageUpdate(usage=usage):
                    self.usage = usage
                case StreamEnded(ending=ending):
                    self.ending = ending
            yield step
            await asyncio.sleep(0)
        if self.ending is None:
            self.ending = Ending.TRUNCATED
            yield StreamEnded(self.ending)

    def result(self) -> ChatResult:
        return ChatResult(
            text="".join(self.text),
            reasoning="".join(self.reasoning),
            usage=self.usage,
            images=tuple(self.images),
            citations=self.citations,
            ending=self.ending,
            error=self.error,
            model="answered/model",
            request_id="req_1" if self.response else None,
            timings=Timings(ttft_s=0.4, duration_s=2.0, chunks=len(self.text)),
        )


@dataclass
class ScriptedClient:
    """Answers every call with the next script. ``calls`` are the arguments it was called with."""

    clock: Clock
    scripts: list[list[Any]]
    calls: list[dict[str, Any]] = field(default_factory=list)
    streams: list[ScriptedStream] = field(default_factory=list)
    on_call: Callable[[], None] = lambda: None

    def chat_stream(self, **arguments: Any) -> Any:
        self.on_call()
        self.calls.append(arguments)
        stream = ScriptedStream(self.scripts.pop(0), self.clock)
        self.streams.append(stream)
        return stream

    def messages_stream(self, **arguments: Any) -> Any:
        return self.chat_stream(dialect="messages", **arguments)
