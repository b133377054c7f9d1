"""Merging of chat chunks: choices, usage, and other fields (wire reference
§3.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import StreamEvent, UsageUpdate
from zaguan_tui.client.streaming.merge.chat_result import ChatResult, ChoiceResult
from zaguan_tui.client.streaming.merge.choices import ChoiceMerge
from zaguan_tui.client.streaming.timings import StreamTimer, estimate_tokens
from zaguan_tui.client.types.answers.citations import Citation, merge_citations, read_citations
from zaguan_tui.client.types.answers.promptshield import PromptShield, read_promptshield
from zaguan_tui.client.types.answers.usage import Usage, read_usage
from zaguan_tui.client.types.core.base import Drift

if TYPE_CHECKING:
    from zaguan_tui.client.streaming.outcome import StreamOutcome

_PLAIN_KEYS = frozenset(
    {"id", "object", "created", "model", "choices", "usage", "service_tier", "system_fingerprint", "error"}
)
"""A chunk with no other keys has nothing to say beyond choices and usage."""


class ChatMerge:
    """Chunks in, events out, and the merged answer at any time. Never raises on what a server sends.

    ``failure`` is the error of a choice, or why the server stopped early; ``None`` when all is well.
    """

    __slots__ = (
        "_choices",
        "_citations",
        "_headed",
        "_promptshield",
        "_raw_usage",
        "_service_tier",
        "_system_fingerprint",
        "drift",
        "failure",
        "id",
        "model",
        "usage",
        "whole",
    )

    def __init__(self, drift: Drift) -> None:
        self.drift = drift
        self.id: str | None = None
        self.model: str | None = None
        self.usage: Usage | None = None
        self.failure: object = None
        self.whole = False
        self._choices: dict[int, ChoiceMerge] = {}
        self._headed = False
        self._raw_usage: object = None
        self._citations: tuple[Citation, ...] = ()
        self._promptshield: PromptShield | None = None
        self._service_tier: str | None = None
        self._system_fingerprint: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing that belongs to an answer has come."""
        return not self._choices and self.usage is None

    @property
    def is_complete(self) -> bool:
        """Whether every choice that was begun has its finish reason."""
        return bool(self._choices) and all(c.finish_reason for c in self._choices.values())

    def feed(self, chunk: dict[str, Any], event: str, out: list[StreamEvent]) -> bool:
        """Merge one chunk and append its events. A chunk never ends a chat stream, so the answer is
        ``False``.
        """
        choices = chunk.get("choices")
        if choices:
            for position, choice in enumerate(choices if type(choices) is list else _listed(choices)):
                if type(choice) is dict:
                    self._feed_choice(choice, position, out)
                else:
                    self.drift.say("a choice is no object")
        if not self._headed:
            self._read_header(chunk)
        if not chunk.keys() <= _PLAIN_KEYS:
            self._read_extras(chunk, out)
        usage = chunk.get("usage")
        if usage:
            self._count(usage, out)
        elif not chunk.keys() & {"choices", "usage", "error"} and chunk.get("type") != "ping":
            self.drift.say("a frame without choices")
        return False

    def flush(self, out: list[StreamEvent]) -> None:
        """Give out what was held back; nothing more will come."""
        for choice in self._choices.values():
            choice.flush(out)
        if self.failure is None and self.ending() is Ending.ERROR_FRAME and (first := self._first()):
            self.failure = {"message": f"finish reason: {first.finish_reason}"}

    def ending(self) -> Ending:
        """The ending of the first choice, given that the stream came to a good end."""
        first = self._first()
        return Ending.FINISHED if first is None else first.ending()

    def result(self, outcome: StreamOutcome, timer: StreamTimer) -> ChatResult:
        """Everything so far as one value."""
        choices = tuple(self._choice_result(c, outcome) for _, c in sorted(self._choices.items()))
        first = choices[0] if choices else ChoiceResult()
        return ChatResult(
            text=first.text,
            reasoning=first.reasoning,
            refusal=first.refusal,
            tool_calls=first.tool_calls,
            usage=self.usage,
            ending=outcome.ending,
            finish_reason=first.finish_reason,
            model=self.model,
            id=self.id,
            request_id=outcome.request_id,
            error=outcome.error,
            timings=timer.read(
                outcome.now,
                tokens=self._streamed_tokens(choices),
                estimate=estimate_tokens(_characters(choices), timer.deltas),
                chunks=outcome.chunks,
            ),
            choices=choices,
            notes=self.drift.notes,
            raw_text=first.raw_text,
            citations=merge_citations(self._citations, *(c.citations for c in self._choices.values())),
            images=first.images,
            promptshield=self._promptshield,
            service_tier=self._service_tier,
            system_fingerprint=self._system_fingerprint,
            end_marker=outcome.end_marker,
            requested_model=outcome.requested_model,
        )

    def _first(self) -> ChoiceMerge | None:
        return self._choices[min(self._choices)] if self._choices else None

    def _feed_choice(self, choice: dict[str, Any], position: int, out: list[StreamEvent]) -> None:
        index = choice.get("index", position)
        if type(index) is not int:
            self.drift.field("choices", "index", type(index).__name__)
            index = position
        merge = self._choices.get(index)
        if merge is None:
            merge = self._choices[index] = ChoiceMerge(index, self.drift)
        delta = choice.get("delta")
        if type(delta) is dict:
            merge.feed(delta, out)
        else:
            self._feed_message(merge, choice, out)
        reason = choice.get("finish_reason")
        if error := choice.get("error"):
            self.failure = error
        if reason:
            merge.finish(reason)
            if reason == "error" and not error:
                self.failure = {"message": "the server ended the answer with an error"}
            if usage := choice.get("usage"):
                self._count(usage, out)
        logprobs = choice.get("logprobs")
        if logprobs and isinstance(logprobs, dict) and isinstance(entries := logprobs.get("content"), list):
            merge.logprobs.extend(entries)

    def _feed_message(self, merge: ChoiceMerge, choice: dict[str, Any], out: list[StreamEvent]) -> None:
        """A choice without a delta: a whole message, or the text of an old completion."""
        message = choice.get("message")
        if isinstance(message, dict):
            if not merge.is_empty:
                self.drift.say("a whole message after its deltas, ignored")
                return
            self.whole = True
            self.drift.say("the server answered in one piece")
            merge.feed(message, out)
        elif isinstance(text := choice.get("text"), str):
            merge.feed({"content": text}, out)
        elif choice.get("delta") is not None:
            self.drift.field("choices", "delta", type(choice.get("delta")).__name__)

    def _read_header(self, chunk: dict[str, Any]) -> None:
        for name in ("id", "model"):
            value = chunk.get(name)
            if isinstance(value, str) and value and getattr(self, name) is None:
                setattr(self, name, value)
        self._headed = self.id is not None and self.model is not None
        for name in ("service_tier", "system_fingerprint"):
            value = chunk.get(name)
            if isinstance(value, str) and value:
                setattr(self, f"_{name}", value)

    def _read_extras(self, chunk: dict[str, Any], out: list[StreamEvent]) -> None:
        self._cite(chunk)
        shield = read_promptshield(chunk, self.drift)
        if shield is not None:
            self._promptshield = shield
        groq = chunk.get("x_groq")
        if isinstance(groq, dict) and (usage := groq.get("usage")):
            self._count(usage, out)
        if isinstance(groq, dict) and (error := groq.get("error")):
            self.failure = error

    def _cite(self, holder: dict[str, Any]) -> None:
        self._citations = merge_citations(self._citations, read_citations(holder))

    def _count(self, raw: object, out: list[StreamEvent]) -> None:
        if raw == self._raw_usage:
            return
        self._raw_usage = raw
        usage = read_usage(raw, self.drift)
        if usage is None:
            self.drift.say("usage without any count")
        else:
            self.usage = usage
            out.append(UsageUpdate(usage))

    def _choice_result(self, choice: ChoiceMerge, outcome: StreamOutcome) -> ChoiceResult:
        ended = outcome.ending is not None
        stopped = choice.finish_reason or outcome.end_marker
        return ChoiceResult(
            index=choice.index,
            text=choice.text,
            reasoning=choice.reasoning,
            refusal=choice.refusal,
            tool_calls=choice.calls.calls(),
            ending=(choice.ending() if stopped else outcome.ending) if ended else None,
            finish_reason=choice.finish_reason,
            role=choice.role,
            raw_text=choice.raw_text,
            logprobs=tuple(choice.logprobs),
            audio=dict(choice.audio),
            images=choice.images,
        )

    def _streamed_tokens(self, choices: tuple[ChoiceResult, ...]) -> int | None:
        """The server's count of the tokens that were streamed; hidden reasoning is not among them."""
        if self.usage is None or self.usage.completion_tokens is None:
            return None
        hidden = 0 if any(c.reasoning for c in choices) else self.usage.reasoning_tokens or 0
        return max(0, self.usage.completion_tokens - hidden)


def _characters(choices: tuple[ChoiceResult, ...]) -> int:
    texts = sum(len(choice.text) + len(choice.reasoning) + len(choice.refusal) for choice in choices)
    return texts + sum(len(call.arguments) for choice in choices for call in choice.tool_calls)


def _listed(choices: object) -> list[object]:
    """Choices that are no list: one choice, or an object of choices."""
    if not isinstance(choices, dict):
        return [choices]
    if any(key in choices for key in ("delta", "message", "index", "finish_reason")):
        return [choices]
    return list(choices.values())
