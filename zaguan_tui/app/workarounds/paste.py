"""Bracketed paste without key presses: a paste is one event, whatever bytes are in it.

Textual's parser reads on for escape sequences inside a bracketed paste and turns those that it does not
know, or that a new escape cuts off, into key presses: a pasted coloured line, or a CSI u sequence, presses
enter. So what lies between the brackets never reaches that parser.

An end bracket may itself be a part of what is pasted, because not every terminal filters it. Within one burst
of input everything from the first start bracket to the last end bracket is therefore one paste.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from textual import events
from textual._time import get_time
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message

from zaguan_tui.text.sanitize import remove_controls

BURST_GAP_S: Final = 0.05
"""Silence after which a burst of input is over."""

SPLIT_START_S: Final = 1.0
"""How long the rest of a start bracket is waited for when a read ends within it."""

STALLED_S: Final = 2.0
"""After this silence within a paste, escape or ctrl+c pressed alone ends it: the end bracket was lost."""

_BREAK_KEYS: Final = ("\x1b", "\x03")


class PasteParser(XTermParser):
    """The parser of terminal input, with pastes taken out before it looks for keys."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._start_prefix = ""
        """What was given to Textual so far of a start bracket."""
        self._burst: list[str] | None = None
        """The input since a start bracket, ``None`` outside a paste."""
        self._burst_tail = ""
        self._end_seen = False
        self._fed_at = 0.0

    def feed(self, data: str) -> Iterable[Message]:
        """Parse the next input; an empty text is its end."""
        if not data:
            if self._end_seen:
                yield from self._finish_paste()
            yield from super().feed("")
            return
        silence = get_time() - self._fed_at
        self._fed_at = get_time()
        if self._end_seen and silence >= BURST_GAP_S:
            yield from self._finish_paste()
        if self._burst is None:
            yield from self._feed_keys(data)
        elif silence >= STALLED_S and data in _BREAK_KEYS:
            yield from self._finish_paste()
            yield from self._feed_keys(data)
        else:
            self._collect(data)

    def tick(self) -> Iterable[Message]:
        """Deliver what time decides: a lone escape key, the end of a burst."""
        silence = get_time() - self._fed_at
        if self._end_seen and silence >= BURST_GAP_S:
            yield from self._finish_paste()
        if len(self._start_prefix) <= len("\x1b[") or silence >= SPLIT_START_S:
            yield from super().tick()

    def _feed_keys(self, data: str) -> Iterable[Message]:
        known = len(self._start_prefix)
        joined = self._start_prefix + data
        start = joined.find(BRACKETED_PASTE_START)
        if start < 0:
            self._start_prefix = _start_prefix_of(joined)
            yield from super().feed(data)
            return
        end = start + len(BRACKETED_PASTE_START)
        self._start_prefix = ""
        yield from super().feed(joined[known:end])
        self._burst, self._burst_tail, self._end_seen = [], "", False
        if end < len(joined):
            self._collect(joined[end:])

    def _collect(self, data: str) -> None:
        assert self._burst is not None
        self._burst.append(data)
        recent = self._burst_tail + data
        self._end_seen = self._end_seen or BRACKETED_PASTE_END in recent
        self._burst_tail = recent[1 - len(BRACKETED_PASTE_END) :]

    def _finish_paste(self) -> Iterable[Message]:
        text = "".join(self._burst or ())
        self._burst, self._burst_tail, self._end_seen = None, "", False
        pasted, bracket, rest = text.rpartition(BRACKETED_PASTE_END)
        if not bracket:
            pasted, rest = text, ""
        for event in super().feed(BRACKETED_PASTE_END):
            if not isinstance(event, events.Paste):  # Textual's own, empty: it has seen the brackets alone
                yield event
        yield events.Paste(remove_controls(pasted))
        if rest:
            yield from self._feed_keys(rest)


def _start_prefix_of(text: str) -> str:
    """The longest end of ``text`` that may be the beginning of a start bracket."""
    for length in range(len(BRACKETED_PASTE_START) - 1, 0, -1):
        if text.endswith(BRACKETED_PASTE_START[:length]):
            return BRACKETED_PASTE_START[:length]
    return ""
