"""Which frames the filter lets through; each is judged once, as it never changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from zaguan_tui.state.chat.wire.digest import digest_frame
from zaguan_tui.state.chat.wire.frames import Frame, WireEntry
from zaguan_tui.text.query import parse

HINT: Final = 'words, !delta, type:usage, text:"hello", gap>0.5, error:yes'
FIELDS: Final = ("type", "text", "gap", "at", "error")


class FrameFilter:
    """Made for one filter text. Only frames pass: silences between frames that are left out say nothing."""

    def __init__(self, text: str = "") -> None:
        self._query = parse(text, fields=FIELDS)
        self._verdicts: dict[float, bool] = {}

    @property
    def open(self) -> bool:
        """Whether everything passes."""
        return self._query.empty

    @property
    def note(self) -> str:
        """What in the filter was not understood."""
        return self._query.note

    def forget(self) -> None:
        """Other frames have the same numbers."""
        self._verdicts.clear()

    def judge(self, rows: Iterable[WireEntry]) -> Sequence[WireEntry]:
        """The frames that pass."""
        return [row for row in rows if isinstance(row, Frame) and self._passes(row)]

    def _passes(self, frame: Frame) -> bool:
        verdict = self._verdicts.get(frame.number)
        if verdict is None:
            digest = digest_frame(frame.event, frame.raw)
            row = {
                "type": f"{frame.event} {digest.label}".strip(),
                "text": digest.piece,
                "gap": frame.gap_s,
                "at": frame.at_s,
                "error": digest.trouble,
            }
            verdict = self._verdicts[frame.number] = self._query.matches(row)
        return verdict
