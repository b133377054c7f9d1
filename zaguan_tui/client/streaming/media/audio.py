"""Transcription and speech streams (wire reference §3.4; event names: OpenAI spec)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.event_stream import EventStream, StreamOpener, StreamSettings
from zaguan_tui.client.streaming.events import StreamEnded, TextDelta
from zaguan_tui.client.streaming.report import BaseMerge, StreamReport
from zaguan_tui.client.types.answers.audio import SpokenSegment, read_media_usage, read_segment
from zaguan_tui.client.types.answers.images import decode_base64
from zaguan_tui.client.types.core.base import Drift
from zaguan_tui.client.types.core.primitives import describe

if TYPE_CHECKING:
    from zaguan_tui.client.streaming.outcome import StreamOutcome
    from zaguan_tui.client.streaming.timings import StreamTimer
    from zaguan_tui.client.types.answers.usage import Usage


@dataclass(slots=True)
class SegmentSpoken:
    """A stretch of the transcript with its times and speaker (diarized answers)."""

    segment: SpokenSegment


@dataclass(slots=True)
class AudioDelta:
    """The next bytes of the sound."""

    data: bytes


TranscriptEvent: TypeAlias = TextDelta | SegmentSpoken | StreamEnded
SpeechEvent: TypeAlias = AudioDelta | StreamEnded


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptResult(StreamReport):
    """The transcript so far. ``text`` is the server's final text once that came, else the pieces joined."""

    text: str = ""
    segments: tuple[SpokenSegment, ...] = ()
    usage: Usage | None = None
    billed_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechResult(StreamReport):
    """What is known of a sound whose bytes went out as events: their number, and what it cost."""

    size: int = 0
    usage: Usage | None = None


class TranscriptMerge(BaseMerge[TranscriptEvent]):
    """Puts ``transcript.text.*`` events together."""

    def __init__(self, drift: Drift) -> None:
        super().__init__(drift)
        self._pieces: list[str] = []
        self._final: str | None = None
        self._segments: list[SpokenSegment] = []
        self._usage: Usage | None = None
        self._billed: float | None = None

    def feed(self, chunk: dict[str, Any], event: str, out: list[TranscriptEvent]) -> bool:
        """Merge one frame; ``True`` if it is the last."""
        kind = chunk.get("type") or event
        if kind == "transcript.text.delta":
            self._text(chunk.get("delta"), out)
        elif kind == "transcript.text.segment":
            segment = read_segment(chunk, self.drift)
            if segment is not None:
                self.is_empty = False
                self._segments.append(segment)
                out.append(SegmentSpoken(segment))
        elif isinstance(chunk.get("text"), str):
            return self._finish(chunk, out)
        return False

    def ending(self) -> Ending:
        """Transcripts only end well or not at all."""
        return Ending.FINISHED

    def result(self, outcome: StreamOutcome, timer: StreamTimer) -> TranscriptResult:
        """The transcript so far."""
        return TranscriptResult(
            **self._report(outcome, timer),
            text="".join(self._pieces) if self._final is None else self._final,
            segments=tuple(self._segments),
            usage=self._usage,
            billed_s=self._billed,
        )

    def _text(self, piece: object, out: list[TranscriptEvent]) -> None:
        if isinstance(piece, str):
            self.is_empty = False
            self._pieces.append(piece)
            out.append(TextDelta(piece))
        else:
            self.drift.field("", "delta", describe(piece))

    def _finish(self, chunk: dict[str, Any], out: list[TranscriptEvent]) -> bool:
        """The final event, or a whole answer in place of a stream."""
        if not self._pieces:
            self._text(chunk["text"], out)
        self._final = chunk["text"]
        self._usage, self._billed = read_media_usage(chunk.get("usage"), self.drift)
        self.whole = self.is_complete = True
        self.is_empty = False
        return True


class SpeechMerge(BaseMerge[SpeechEvent]):
    """Decodes ``speech.audio.*`` events. There is no ``[DONE]``: the last one ends the stream."""

    def __init__(self, drift: Drift) -> None:
        super().__init__(drift)
        self._size = 0
        self._usage: Usage | None = None

    def feed(self, chunk: dict[str, Any], event: str, out: list[SpeechEvent]) -> bool:
        """Merge one frame; ``True`` if it is the last."""
        kind = chunk.get("type") or event
        if kind == "speech.audio.delta":
            self._sound(chunk.get("audio"), out)
        elif kind == "speech.audio.done":
            self._usage, _ = read_media_usage(chunk.get("usage"), self.drift)
            self.whole = self.is_complete = True
            return True
        return False

    def ending(self) -> Ending:
        """Speech only ends well or not at all."""
        return Ending.FINISHED

    def result(self, outcome: StreamOutcome, timer: StreamTimer) -> SpeechResult:
        """What is known so far."""
        return SpeechResult(**self._report(outcome, timer), size=self._size, usage=self._usage)

    def _sound(self, audio: object, out: list[SpeechEvent]) -> None:
        try:
            data = decode_base64(audio) if isinstance(audio, str) else b""
        except ValueError:
            data = b""
        if data:
            self.is_empty = False
            self._size += len(data)
            out.append(AudioDelta(data))
        else:
            self.drift.say("a piece of sound could not be decoded", kind="undecodable sound")


class TranscriptStream(EventStream[TranscriptEvent, TranscriptResult]):
    """``POST /v1/audio/transcriptions`` with ``stream``: text as it is understood."""

    def __init__(
        self,
        open: StreamOpener,  # noqa: A002 - the name all streams use
        *,
        model: str,
        settings: StreamSettings,
    ) -> None:
        drift = Drift()
        super().__init__(open, TranscriptMerge(drift), drift, model=model, settings=settings)


class SpeechStream(EventStream[SpeechEvent, SpeechResult]):
    """``POST /v1/audio/speech`` as events: sound as it is made. The bytes are in the events, not kept."""

    def __init__(
        self,
        open: StreamOpener,  # noqa: A002 - the name all streams use
        *,
        model: str,
        settings: StreamSettings,
    ) -> None:
        drift = Drift()
        super().__init__(open, SpeechMerge(drift), drift, model=model, settings=settings)
