"""Cleans foreign text: the only guard between it and the terminal's control sequences.

Textual passes ESC, C1 controls and bidi overrides through to the terminal, so whatever a server, a model or
a file sends goes through here before it reaches a widget, the clipboard or a terminal line. The promise of
every function below: the result holds no character that a terminal could take for a command, no character
that reorders its neighbours, and nothing that cannot be encoded as UTF-8; and where something was taken
out, a mark (U+FFFD) stands in its place, one for each run.

- ``clean``: many lines; ``\\n`` and ``\\t`` stay.
- ``clean_line``: one line.
- ``remove_controls``: ``clean`` without marks, for what a person pastes: its colours are no loss.
- ``reveal``: for names that may deceive (ids, hosts): what is invisible is spelled out.
- ``StreamCleaner``: ``clean`` for text that arrives in pieces.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MARK: Final = "\N{REPLACEMENT CHARACTER}"
"""Stands where something was taken out."""

NEWLINE_SIGN: Final = "\N{SYMBOL FOR NEWLINE}"
"""Stands for a line break where only one line may be shown."""

PAYLOAD_LIMIT: Final = 8192
"""Longest payload of a string sequence (OSC, DCS, APC, PM, SOS) that is taken out whole. A longer one, or one
that never ends, loses its introducer only and its payload is shown: a stray ``ESC ]`` must not hide an
answer."""

_CONTROLS: Final = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without tab and newline, DEL, C1
    "\u202a-\u202e\u2066-\u206f"  # bidi embeddings, overrides and isolates; deprecated format characters
    "\ufeff\ufff9-\ufffb"  # zero width no-break space, interlinear annotation
    "\U000e0000-\U000e007f"  # tags: text that nobody sees
    "\ud800-\udfff"  # lone surrogates: valid in JSON escapes, fatal when the terminal's bytes are made
)
_PAYLOAD: Final = rf"[^\n\x07\x18\x1a\x1b\x80-\x9f]{{0,{PAYLOAD_LIMIT}}}+"
_DROPPED: Final = re.compile(
    "(?:"
    r"(?:\x1b\[|\x9b)[0-?]{0,256}+[ -/]{0,16}+[@-~]?"  # CSI
    rf"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f]){_PAYLOAD}(?:\x07|\x1b\\|\x9c)"  # OSC, DCS, SOS, PM, APC
    r"|\x1b[ -/]{0,4}+[0-~]?"  # other escapes, a lone ESC, and introducers of strings that never end
    f"|[{_CONTROLS}]"
    ")++"
)
_SUSPECT: Final = re.compile(f"[{_CONTROLS}\u2028\u2029]")
_UNFINISHED: Final = re.compile(
    "(?:"
    r"(?:\x1b\[|\x9b)[0-?]{0,256}+[ -/]{0,16}+"
    rf"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f]){_PAYLOAD}\x1b?"
    r"|\x1b[ -/]{0,4}+"
    r")\Z"
)
_INTRODUCERS: Final = re.compile("[\x1b\x90\x98\x9b\x9d-\x9f]")
_HIDDEN_CATEGORIES: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"))
_BLANKS: Final = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")  # letters by category, blank to the eye
_MAX_SEQUENCE_LENGTH: Final = PAYLOAD_LIMIT + 4


def clean(text: str) -> str:
    """Return ``text`` harmless and still of many lines: ``\\n`` and ``\\t`` stay, every other line break
    becomes ``\\n``.

    Text that needs nothing is returned as it is, after one scan.
    """
    if _SUSPECT.search(text) is None:
        return text
    return _DROPPED.sub(MARK, _plain_breaks(text))


def remove_controls(text: str) -> str:
    """Return ``text`` as ``clean`` does, but with nothing in the place of what was taken out."""
    if _SUSPECT.search(text) is None:
        return text
    return _DROPPED.sub("", _plain_breaks(text))


def clean_line(text: str, limit: int | None = None) -> str:
    """Return ``text`` harmless and on one line: breaks shown as ``␤``, tabs as spaces, ends trimmed.

    ``limit`` is the longest result in characters; a longer text ends in ``…``.
    """
    if limit is not None and len(text) > 8 * limit + PAYLOAD_LIMIT:
        text = text[: 8 * limit + PAYLOAD_LIMIT]
    line = clean(text).strip().replace("\n", NEWLINE_SIGN).replace("\t", " ")
    if limit is not None and len(line) > limit:
        return line[: max(0, limit - 1)] + "…"
    return line


def reveal(text: str) -> str:
    """Return ``text`` with every character that is invisible or reorders others spelled out: ``a‹U+202E›b``.

    For ids, host names, file names: whatever a person compares by eye. Plain spaces stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_spelled_out(character) for character in text)


def _spelled_out(character: str) -> str:
    hidden = unicodedata.category(character) in _HIDDEN_CATEGORIES and character != " "
    return f"‹U+{ord(character):04X}›" if hidden or character in _BLANKS else character


def _plain_breaks(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\u2028", "\n").replace("\u2029", "\n")


class StreamCleaner:
    """``clean`` for text that arrives in pieces, cut anywhere, also in the middle of a sequence.

    The pieces returned by ``feed`` and ``finish`` joined are ``clean`` of the pieces given joined. What may
    be the beginning of a sequence is held back until it is decided, never longer than to the end of its
    line.
    """

    __slots__ = ("_after_cr", "_after_mark", "_held")

    def __init__(self) -> None:
        self._held = ""
        self._after_cr = False
        self._after_mark = False

    def feed(self, chunk: str) -> str:
        """Take the next piece and return what can be shown of it now."""
        if not chunk:
            return ""
        if not self._held and not self._after_cr and _SUSPECT.search(chunk) is None:
            self._after_mark = False
            return chunk
        if self._after_cr and chunk[0] == "\n":
            chunk = chunk[1:]
        self._after_cr = chunk.endswith("\r") if chunk else False
        text = self._held + _plain_breaks(chunk)
        cut = _held_from(text)
        self._held = text[cut:]
        return self._emit(text[:cut])

    def finish(self) -> str:
        """Return what was held back, cleaned, and be ready for another text."""
        rest, self._held, self._after_cr = self._held, "", False
        shown = self._emit(rest)
        self._after_mark = False
        return shown

    def _emit(self, text: str) -> str:
        if not text:
            return ""
        shown = _DROPPED.sub(MARK, text)
        run_goes_on = self._after_mark and _DROPPED.match(text) is not None
        last_run = _last_dropped(text)
        self._after_mark = last_run
        return shown[1:] if run_goes_on else shown


def _held_from(text: str) -> int:
    """Where the beginning of a sequence starts that the end of ``text`` leaves open; its length when none
    does.
    """
    start = max(0, len(text) - _MAX_SEQUENCE_LENGTH)
    for introducer in _INTRODUCERS.finditer(text, start):
        if _UNFINISHED.match(text, introducer.start()):
            return introducer.start()
    return len(text)


def _last_dropped(text: str) -> bool:
    """Whether ``text`` ends in something that was taken out."""
    end = 0
    for run in _DROPPED.finditer(text):
        end = run.end()
    return end == len(text)
