"""On which line each key of a TOML text stands, which :mod:`tomllib` does not tell.

The scanner runs only on text that ``tomllib`` has accepted, so it need not know what is wrong TOML.
"""

from __future__ import annotations

import re
import tomllib

Key = tuple[str, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACES = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_LITERAL = re.compile(r"'[^'\n]*'")
_LONG_BASIC = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}(?!")', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''.*?'{3,5}(?!')", re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\n]+")


def key_lines(text: str) -> dict[Key, int]:
    """Line (from 1) of every key and table in ``text``, by its whole path.

    Of a table that is opened twice (dotted keys, tables of an array) the first line is kept.
    """
    scanner = _Scanner(text.replace("\r\n", "\n"))
    scanner.run()
    return scanner.lines


class _Scanner:
    """Walks once over the text; ``at`` is the position, ``lines`` what was found."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Key, int] = {}
        self._line = 1
        self._counted = 0

    def run(self) -> None:
        table: Key = ()
        while self._skip(_BLANK) < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Key:
        while self.text[self.at] == "[":
            self.at += 1
        table = self._path(())
        self._skip(_SPACES)
        while self.at < len(self.text) and self.text[self.at] == "]":
            self.at += 1
        return table

    def _pair(self, table: Key) -> None:
        key = self._path(table)
        self._skip(_SPACES)
        self.at += 1  # the equals sign
        self._skip(_SPACES)
        self._value(key)

    def _path(self, table: Key) -> Key:
        """Read a dotted key and note the line of each of its prefixes."""
        path = table
        while True:
            self._skip(_SPACES)
            path = (*path, self._name())
            self.lines.setdefault(path, self._line_here())
            self._skip(_SPACES)
            if self.at >= len(self.text) or self.text[self.at] != ".":
                return path
            self.at += 1

    def _name(self) -> str:
        start = self.at
        sign = self.text[start]
        pattern = {'"': _BASIC, "'": _LITERAL}.get(sign, _BARE)
        self._skip(pattern)
        word = self.text[start : self.at]
        if sign == '"':
            return str(tomllib.loads(f"name = {word}")["name"])
        return word[1:-1] if sign == "'" else word

    def _value(self, key: Key) -> None:
        sign = self.text[self.at]
        if sign == "[":
            self._array(key)
        elif sign == "{":
            self._inline(key)
        elif self.text.startswith('"""', self.at):
            self._skip(_LONG_BASIC)
        elif self.text.startswith("'''", self.at):
            self._skip(_LONG_LITERAL)
        else:
            self._skip({'"': _BASIC, "'": _LITERAL}.get(sign, _SCALAR))

    def _array(self, key: Key) -> None:
        self.at += 1
        while self.text[self._skip(_BLANK)] != "]":
            self._value(key)
            self._skip(_BLANK)
            self._past_comma()
        self.at += 1

    def _inline(self, key: Key) -> None:
        self.at += 1
        while self.text[self._skip(_BLANK)] != "}":
            self._pair(key)
            self._skip(_BLANK)
            self._past_comma()
        self.at += 1

    def _past_comma(self) -> None:
        if self.text[self.at] == ",":
            self.at += 1

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise ValueError(f"not TOML that tomllib accepts, at {self.at}")
        self.at = match.end()
        return self.at

    def _line_here(self) -> int:
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line
