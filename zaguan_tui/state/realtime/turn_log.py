"""The turn log of a realtime session, built from server events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from zaguan_tui.client.realtime.events import ErrorEvent, ItemEvent, OutputEvent, ResponseEvent
from zaguan_tui.state.chat.answer_masks import AnswerMasks, PieceMask
from zaguan_tui.state.core.store import Problem
from zaguan_tui.state.realtime import notices as news
from zaguan_tui.state.realtime.audio import AudioFormat
from zaguan_tui.state.realtime.turns import (
    RealtimeTurn,
    ToolRequest,
    TurnEnding,
    TurnPhase,
    TurnTimes,
    TurnTokens,
)

if TYPE_CHECKING:
    from zaguan_tui.client.realtime.events import ItemEvent, OutputEvent, ResponseEvent, ServerEvent
    from zaguan_tui.client.realtime.response import RealtimeResponse

MAX_TURNS: Final = 500
MAX_AUDIO_BYTES: Final = 64_000_000
"""Bytes of sound that are kept, of all turns together."""


@dataclass(slots=True)
class _TurnBuilder:
    """A turn while it grows."""

    turn: RealtimeTurn
    began_at: float
    event_ids: tuple[str, ...]
    mask: PieceMask
    pieces: list[str] = field(default_factory=list)
    item: str | None = None
    calls: dict[str, ToolRequest] = field(default_factory=dict)
    sound: list[bytes] = field(default_factory=list)
    format: AudioFormat = field(default_factory=AudioFormat)


class TurnLog:
    """Holds the newest :data:`MAX_TURNS` turns, and the newest :data:`MAX_AUDIO_BYTES` bytes of their audio.

    ``tell`` hears every change; ``explain`` makes a problem of an error; ``masks`` take secrets out.
    """

    def __init__(
        self, tell: Callable[[news.SessionNotice], None], explain: Callable[[BaseException], Problem]
    ) -> None:
        self.masks = AnswerMasks()
        self._tell = tell
        self._explain = explain
        self._drafts: dict[int, _TurnBuilder] = {}
        self._numbers = 0
        self._octets = 0
        self.dropped = 0
        """How many turns were let go."""

    @property
    def turns(self) -> tuple[RealtimeTurn, ...]:
        """The turns as they stand, oldest first."""
        return tuple(_build_turn(draft) for draft in self._drafts.values())

    @property
    def running(self) -> RealtimeTurn | None:
        """The newest turn that is not over."""
        drafts = reversed(self._drafts.values())
        return next((draft.turn for draft in drafts if draft.turn.phase is not TurnPhase.ENDED), None)

    def get(self, turn_id: int) -> RealtimeTurn | None:
        """The turn of that number; ``None`` when it was let go."""
        draft = self._drafts.get(turn_id)
        return None if draft is None else _build_turn(draft)

    def waits_for(self, event_id: str | None) -> bool:
        """Whether a turn without a response yet began with this event of ours."""
        return self._find_waiting_turn(event_id) is not None

    def sound_of(self, turn_id: int) -> tuple[tuple[bytes, ...], AudioFormat]:
        """The sound that came in a turn, in pieces, and its format."""
        draft = self._drafts.get(turn_id)
        return ((), AudioFormat()) if draft is None else (tuple(draft.sound), draft.format)

    def begin(
        self, session: int, prompt: str | None, at: float, event_ids: tuple[str, ...] = ()
    ) -> RealtimeTurn:
        """A turn that waits for its response."""
        self._numbers += 1
        turn = RealtimeTurn(self._numbers, session, prompt)
        self._drafts[turn.id] = _TurnBuilder(turn, at, event_ids, self.masks.make())
        while len(self._drafts) > MAX_TURNS:
            self._octets -= sum(map(len, self._drafts.pop(next(iter(self._drafts))).sound))
            self.dropped += 1
        self._tell(news.TurnStarted(turn))
        return turn

    def stopping(self, turn_id: int) -> None:
        """Somebody asked for the end of this one."""
        draft = self._drafts.get(turn_id)
        if draft is not None and draft.turn.phase is not TurnPhase.ENDED:
            self._update_turn(draft, stopping=True)

    def take(self, event: ServerEvent, session: int, at: float, sound: AudioFormat) -> None:
        """Hear one event of the server."""
        if isinstance(event, ResponseEvent):
            self._response(event, session, at)
        elif isinstance(event, OutputEvent):
            self._output(event, session, at, sound)
        elif isinstance(event, ItemEvent):
            self._item(event)
        elif isinstance(event, ErrorEvent):
            self._fail_turn(event.caused_by, self._explain(event.error), at)

    def end_all(self, ending: TurnEnding, at: float, problem: Problem | None = None) -> None:
        """The session is over: what runs ends with it."""
        for draft in tuple(self._drafts.values()):
            if draft.turn.phase is not TurnPhase.ENDED:
                self._end(draft, ending, at, problem=problem)

    def fail(self, turn_id: int, problem: Problem, at: float) -> None:
        """A turn that could not be sent."""
        draft = self._drafts.get(turn_id)
        if draft is not None and draft.turn.phase is not TurnPhase.ENDED:
            self._end(draft, TurnEnding.FAILED, at, problem=problem)

    def _response(self, event: ResponseEvent, session: int, at: float) -> None:
        response = event.response
        draft = self._draft_of(response.id, session, at)
        if event.type == "response.created":
            return
        self._complete(draft, response)
        ending = TurnEnding(str(response.ending)) if response.ending is not None else TurnEnding.FINISHED
        problem = None if response.error is None else self._explain(response.error)
        tokens = _tokens(response)
        self._end(draft, ending, at, problem=problem, reason=response.reason, tokens=tokens)

    def _complete(self, draft: _TurnBuilder, response: RealtimeResponse) -> None:
        """Take from the end what did not come before: a missed piece, a call."""
        text, whole, held = "".join(draft.pieces), self.masks.redact(response.text), draft.mask.flush()
        if whole.startswith(text) and len(whole) > len(text):
            self._add_text(draft, whole[len(text) :], None)
        else:
            self._add_text(draft, held, None)
        for place, call in enumerate(response.tool_calls):
            request = ToolRequest(call.id or "", call.name, call.arguments)
            unnamed = (key for key, known in draft.calls.items() if known == request)
            draft.calls[call.id or next(unnamed, f"{call.name} {place}")] = request

    def _output(self, event: OutputEvent, session: int, at: float, sound: AudioFormat) -> None:
        draft = self._draft_of(event.response_id, session, at)
        turn, since = draft.turn, at - draft.began_at
        if turn.phase is TurnPhase.ENDED:
            return
        if event.kind in ("text", "transcript"):
            if not event.whole and event.text:
                self._mark(draft, "first_text_s", since)
                self._add_text(draft, draft.mask.feed(event.text), event.item_id)
        elif event.kind == "audio" and event.audio:
            self._mark(draft, "first_audio_s", since)
            self._add_audio(draft, event.audio, sound)
        elif event.kind == "arguments":
            self._mark(draft, "first_call_s", since)
            key = event.call_id or event.item_id or ""
            before = draft.calls.get(key) or ToolRequest(event.call_id or "", "", "")
            arguments = self.masks.redact(event.text if event.whole else before.arguments + event.text)
            draft.calls[key] = replace(before, arguments=arguments or before.arguments)
            self._update_turn(draft, calls=tuple(draft.calls.values()))

    def _item(self, event: ItemEvent) -> None:
        """The name of a function comes with its item."""
        item = event.item
        draft = self._find(event.response_id) if event.response_id else None
        if draft is None or item.get("type") != "function_call" or draft.turn.phase is TurnPhase.ENDED:
            return
        call_id, name = str(item.get("call_id") or ""), str(item.get("name") or "")
        before = draft.calls.get(call_id or event.item_id or "")
        arguments = before.arguments if before is not None else ""
        draft.calls[call_id or event.item_id or ""] = ToolRequest(call_id, name, arguments)
        self._update_turn(draft, calls=tuple(draft.calls.values()))

    def _find_waiting_turn(self, event_id: str | None) -> _TurnBuilder | None:
        """The turn that has no response yet, of which this event of ours is a part."""
        for draft in self._drafts.values():
            if draft.turn.phase is TurnPhase.WAITING and event_id is not None and event_id in draft.event_ids:
                return draft
        return None

    def _fail_turn(self, caused_by: str | None, problem: Problem, at: float) -> None:
        """An error names the event of ours that caused it: then its turn gets no response."""
        if (draft := self._find_waiting_turn(caused_by)) is not None:
            self._end(draft, TurnEnding.FAILED, at, problem=problem)

    def _draft_of(self, response_id: str | None, session: int, at: float) -> _TurnBuilder:
        """The turn of a response: the one it belongs to, else the oldest that waits, else a new one."""
        if (draft := self._find(response_id)) is not None:
            return draft
        drafts = self._drafts.values()
        waiting = next((draft for draft in drafts if draft.turn.phase is TurnPhase.WAITING), None)
        if waiting is None:
            waiting = self._drafts[self.begin(session, None, at).id]
        waiting.turn = replace(waiting.turn, response_id=response_id, phase=TurnPhase.ANSWERING)
        self._mark(waiting, "first_event_s", at - waiting.began_at)
        return waiting

    def _find(self, response_id: str | None) -> _TurnBuilder | None:
        """The turn that has this response; of events that name none, the one that is being answered."""
        for draft in reversed(self._drafts.values()):
            turn = draft.turn
            if turn.phase is TurnPhase.ANSWERING if response_id is None else turn.response_id == response_id:
                return draft
        return None

    def _mark(self, draft: _TurnBuilder, name: str, since: float) -> None:
        """Note a moment the first time it comes."""
        times = draft.turn.times
        if getattr(times, name) is None:
            self._update_turn(draft, times=replace(times, **{name: since}))

    def _add_text(self, draft: _TurnBuilder, text: str, item_id: str | None) -> None:
        if not text:
            return
        if draft.pieces and item_id is not None and draft.item not in (None, item_id):
            text = "\n\n" + text
        draft.item = item_id or draft.item
        draft.pieces.append(text)
        self._tell(news.TextAdded(draft.turn.id, text))

    def _add_audio(self, draft: _TurnBuilder, audio: bytes, sound: AudioFormat) -> None:
        if draft.turn.sound_kept:
            draft.sound.append(audio)
            self._octets += len(audio)
        draft.format = sound
        octets = draft.turn.octets + len(audio)
        self._update_turn(draft, octets=octets, seconds=sound.seconds(octets))
        for other in tuple(self._drafts.values()):
            if self._octets <= MAX_AUDIO_BYTES:
                break
            if other.sound:
                self._octets -= sum(map(len, other.sound))
                other.sound.clear()
                self._update_turn(other, sound_kept=False)

    def _update_turn(self, draft: _TurnBuilder, **fields: Any) -> None:
        draft.turn = replace(draft.turn, **fields)
        self._tell(news.TurnChanged(draft.turn))

    def _end(self, draft: _TurnBuilder, ending: TurnEnding, at: float, **fields: Any) -> None:
        self._add_text(draft, draft.mask.flush(), None)
        times: TurnTimes = replace(draft.turn.times, done_s=at - draft.began_at)
        if draft.turn.phase is TurnPhase.WAITING:
            times = replace(times, done_s=None)
        draft.turn = replace(
            draft.turn,
            phase=TurnPhase.ENDED,
            ending=ending,
            text="".join(draft.pieces),
            calls=tuple(draft.calls.values()),
            times=times,
            **fields,
        )
        self._tell(news.TurnEnded(draft.turn))


def _build_turn(draft: _TurnBuilder) -> RealtimeTurn:
    if draft.turn.phase is TurnPhase.ENDED:
        return draft.turn
    return replace(draft.turn, text="".join(draft.pieces))


def _tokens(response: RealtimeResponse) -> TurnTokens | None:
    usage = response.usage
    if usage is None:
        return None
    details = usage.raw.get("output_tokens_details")
    audio = details.get("audio_tokens") if isinstance(details, dict) else None
    audio_tokens = audio if isinstance(audio, int) and not isinstance(audio, bool) else None
    return TurnTokens(usage.prompt_tokens, usage.completion_tokens, usage.cached_tokens, audio_tokens)
