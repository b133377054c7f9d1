"""A recording of an answer's frames: when each comes, and how long the text is by then."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from zaguan_tui.state.chat.wire.digest import digest_frame
from zaguan_tui.state.chat.wire.frames import Frame, OmittedFrames, Stall
from zaguan_tui.state.chat.wire.record import WireRecord

SHOWN: Final = 4_000
"""Characters of the text that are given out at a time: its end."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What :class:`~.replay.Replay` plays. ``moments`` are seconds since the request, one for each frame.

    Of frames that were let go nothing is known: ``jumps`` say between which moments they were.
    """

    frames: tuple[Frame, ...]
    moments: tuple[float, ...]
    silences: tuple[Stall, ...]
    jumps: tuple[OmittedFrames, ...]
    length_s: float
    first_piece_s: float | None
    _text: str
    _reasoning: str
    _text_ends: tuple[int, ...]
    _reasoning_ends: tuple[int, ...]
    _clean: Callable[[str], str]

    @classmethod
    def of(cls, record: WireRecord) -> Recording:
        """Read every frame that is kept. Takes a while for thousands: for a thread."""
        rows = list(record.frames)
        frames = tuple(row for row in rows if isinstance(row, Frame))
        text, reasoning = [], []
        text_ends, thought_ends = [0], [0]
        for frame in frames:
            digest = digest_frame(frame.event, frame.raw)
            text.append(digest.text)
            reasoning.append(digest.reasoning)
            text_ends.append(text_ends[-1] + len(digest.text))
            thought_ends.append(thought_ends[-1] + len(digest.reasoning))
        end = record.frames.end
        return cls(
            frames=frames,
            moments=tuple(frame.at_s for frame in frames),
            silences=tuple(row for row in rows if isinstance(row, Stall)),
            jumps=tuple(row for row in rows if isinstance(row, OmittedFrames)),
            length_s=end.at_s if end is not None else record.frames.last_s,
            first_piece_s=record.first_piece_s,
            _text="".join(text),
            _reasoning="".join(reasoning),
            _text_ends=tuple(text_ends),
            _reasoning_ends=tuple(thought_ends),
            _clean=record.clean,
        )

    def played_at(self, at_s: float) -> int:
        """How many frames have come at this moment."""
        return bisect_right(self.moments, at_s)

    def text_after(self, played: int) -> str:
        """The end of the text after so many frames, without keys."""
        return _tail_of(self._text, self._text_ends[played], self._clean)

    def reasoning_after(self, played: int) -> str:
        """The same of the reasoning."""
        return _tail_of(self._reasoning, self._reasoning_ends[played], self._clean)

    def characters_after(self, played: int) -> int:
        """How long the text is after so many frames."""
        return self._text_ends[played]

    def silence_at(self, at_s: float) -> Stall | None:
        """The stall that this moment lies in."""
        place = bisect_right(self.silences, at_s, key=lambda silence: silence.at_s) - 1
        if place < 0:
            return None
        silence = self.silences[place]
        return silence if at_s < silence.at_s + silence.length_s else None

    def jump_at(self, at_s: float) -> OmittedFrames | None:
        """The frames that were let go round this moment."""
        return next((jump for jump in self.jumps if jump.at_s <= at_s < jump.until_s), None)


def _tail_of(whole: str, end: int, clean: Callable[[str], str]) -> str:
    """The last characters before ``end``; a key that was cut at the beginning is not shown in part."""
    margin = 512
    start = max(0, end - SHOWN - margin)
    return clean(whole[start:end])[-SHOWN:]
