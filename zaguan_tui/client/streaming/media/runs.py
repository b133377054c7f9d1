"""Run streams: states, steps and messages (wire reference §3.12; OpenAI spec).

Each frame has an ``event:`` name and a data object without it; objects say by themselves what they are, so a
server that leaves the names out is understood too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.event_stream import EventStream, StreamOpener, StreamSettings
from zaguan_tui.client.streaming.events import StreamEnded, TextDelta, ToolCallDelta
from zaguan_tui.client.streaming.merge.tool_calls import ToolCallMerger
from zaguan_tui.client.streaming.report import BaseMerge, StreamReport
from zaguan_tui.client.types.assistants.runs import RUN_STEPS, RUNS, Run, RunStep
from zaguan_tui.client.types.assistants.threads import THREAD_MESSAGES, ThreadMessage, part_text
from zaguan_tui.client.types.core.base import Drift
from zaguan_tui.client.types.core.page import objects
from zaguan_tui.client.types.core.primitives import UnreadableValue, describe
from zaguan_tui.client.types.models.lifecycle import Stage

if TYPE_CHECKING:
    from zaguan_tui.client.streaming.outcome import StreamOutcome
    from zaguan_tui.client.streaming.timings import StreamTimer
    from zaguan_tui.client.types.answers.tool_call import ToolCall
    from zaguan_tui.client.types.answers.usage import Usage


@dataclass(slots=True)
class RunChanged:
    """The run entered a state; ``run`` is all that is known of it."""

    run: Run


@dataclass(slots=True)
class StepChanged:
    """A step began, ended or failed."""

    step: RunStep


@dataclass(slots=True)
class MessageChanged:
    """A message began or ended; while it is written its text comes as :class:`TextDelta`."""

    message: ThreadMessage


RunEvent: TypeAlias = RunChanged | StepChanged | MessageChanged | TextDelta | ToolCallDelta | StreamEnded
"""``index`` of a :class:`TextDelta` is the number of its message, in order of appearance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult(StreamReport):
    """The run, what it wrote and did. ``text`` joins the messages with an empty line.

    ``tool_calls`` are those the run waits for. A run that failed has an ``error`` made of its ``last_error``.
    """

    run: Run | None = None
    messages: tuple[ThreadMessage, ...] = ()
    steps: tuple[RunStep, ...] = ()
    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    usage: Usage | None = None


_ENDINGS = {
    Stage.NEEDS_ACTION: Ending.TOOL_CALLS,
    Stage.FAILED: Ending.ERROR_FRAME,
    Stage.EXPIRED: Ending.ERROR_FRAME,
    Stage.CANCELLED: Ending.CANCELLED,
}
_KINDS = (
    ("thread.message.delta", "message.delta"),
    ("thread.message", "message"),
    ("thread.run.step.delta", "step.delta"),
    ("thread.run.step", "step"),
    ("thread.run", "run"),
)


class RunMerge(BaseMerge[RunEvent]):
    """Puts the events of one run together; text parts merge by message and ``index``."""

    def __init__(self, drift: Drift) -> None:
        super().__init__(drift)
        self._run: Run | None = None
        self._messages: dict[str, ThreadMessage] = {}
        self._texts: dict[str, dict[int, list[str]]] = {}
        self._steps: dict[str, RunStep] = {}
        self._calls: dict[str, ToolCallMerger] = {}

    def feed(self, chunk: dict[str, Any], event: str, out: list[RunEvent]) -> bool:
        """Merge one frame; the end marker is a frame of its own, so never ``True``."""
        kind = _kind_of(chunk.get("object")) or _kind_of(event)
        try:
            if kind == "message.delta":
                self._write(chunk, out)
            elif kind == "message":
                self._take_message(THREAD_MESSAGES.entry(chunk, self.drift), out)
            elif kind == "step.delta":
                self._work(chunk, out)
            elif kind == "step":
                step = RUN_STEPS.entry(chunk, self.drift)
                self._steps[step.id] = step
                out.append(StepChanged(step))
            elif kind == "run":
                self._take_run(RUNS.entry(chunk, self.drift), event, out)
        except UnreadableValue as error:
            self.drift.say(
                f"{event or 'an event'} could not be read: found {error.received}", kind=f"bad {kind}"
            )
        self.is_empty = self._run is None and not self._messages and not self._texts
        return False

    def ending(self) -> Ending:
        """What the run's last state means for the stream."""
        run = self._run
        if run is not None and run.stage is Stage.INCOMPLETE:
            limited = "filter" not in (run.incomplete_reason or "")
            return Ending.LENGTH if limited else Ending.CONTENT_FILTER
        return Ending.FINISHED if run is None else _ENDINGS.get(run.stage, Ending.FINISHED)

    def result(self, outcome: StreamOutcome, timer: StreamTimer) -> RunResult:
        """Everything so far."""
        run = self._run
        report = self._report(outcome, timer)
        if run is not None and run.last_error is not None and report["error"] is None:
            report["error"] = run.last_error.error()
        messages = tuple(self._merged(name) for name in dict.fromkeys((*self._messages, *self._texts)))
        return RunResult(
            **report,
            run=run,
            messages=messages,
            steps=tuple(self._with_calls(step) for step in self._steps.values()),
            text="\n\n".join(message.text for message in messages if message.text),
            tool_calls=run.tool_calls if run else (),
            usage=run.usage if run else None,
        )

    def _take_run(self, run: Run, event: str, out: list[RunEvent]) -> None:
        self._run = run
        self.is_complete = run.is_over or run.stage is Stage.NEEDS_ACTION
        # Without a name it is no event: the server answered with the run itself.
        self.whole = self.whole or not event
        out.append(RunChanged(run))

    def _take_message(self, message: ThreadMessage, out: list[RunEvent]) -> None:
        self._messages[message.id] = message
        self._texts.setdefault(message.id, {})
        out.append(MessageChanged(message))

    def _write(self, chunk: dict[str, Any], out: list[RunEvent]) -> None:
        name = chunk.get("id")
        delta = chunk.get("delta")
        if not isinstance(name, str) or not isinstance(delta, dict):
            raise UnreadableValue("delta", describe(delta))
        parts = self._texts.setdefault(name, {})
        number = list(self._texts).index(name)
        for place, part in enumerate(objects(delta.get("content"))):
            text = part_text(part)
            index = part.get("index")
            if text:
                parts.setdefault(index if type(index) is int else place, []).append(text)
                out.append(TextDelta(text, number))

    def _work(self, chunk: dict[str, Any], out: list[RunEvent]) -> None:
        name = chunk.get("id")
        delta = chunk.get("delta")
        details = delta.get("step_details") if isinstance(delta, dict) else None
        calls = details.get("tool_calls") if isinstance(details, dict) else None
        if isinstance(name, str) and calls:
            try:
                out.extend(self._calls.setdefault(name, ToolCallMerger()).feed(calls, 0))
            except ValueError as error:
                raise UnreadableValue("delta", str(error)) from None

    def _merged(self, name: str) -> ThreadMessage:
        """A message with the text that came in pieces, unless the server told it whole."""
        message = self._messages.get(name) or ThreadMessage(id=name, role="assistant")
        if message.text:
            return message
        parts = self._texts.get(name, {})
        return replace(message, text="".join("".join(parts[index]) for index in sorted(parts)))

    def _with_calls(self, step: RunStep) -> RunStep:
        merger = self._calls.get(step.id)
        return step if step.tool_calls or merger is None else replace(step, tool_calls=merger.calls())


def _kind_of(name: object) -> str | None:
    if not isinstance(name, str):
        return None
    return next((kind for prefix, kind in _KINDS if name == prefix or name.startswith(f"{prefix}.")), None)


class RunStream(EventStream[RunEvent, RunResult]):
    """``POST /v1/threads/{id}/runs`` with ``stream``, and tool outputs handed in with ``stream``."""

    def __init__(
        self,
        open: StreamOpener,  # noqa: A002 - the name all streams use
        *,
        model: str | None,
        settings: StreamSettings,
    ) -> None:
        drift = Drift()
        super().__init__(open, RunMerge(drift), drift, model=model, settings=settings)
