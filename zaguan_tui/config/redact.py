"""Taking known secrets out of text by value, whatever spelling they arrive in.

A secret is found plain, percent-encoded (once or twice, any letter case, all or only some characters),
escaped as JSON, Python or HTML, as hexadecimal digits, and inside base64 of a longer text. Logs, crash
reports, exports and copied snippets pass here when they are written; by header name is not enough, since
keys turn up in URLs and error texts.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

from zaguan_tui.config.secrets import MASK, Secret

SHORTEST = 6
"""Shorter values are let through: they would blot out ordinary words."""

_SHORTEST_ENCODED = 8


class Redactor:
    """Replaces every known secret by :data:`~zaguan_tui.config.secrets.MASK`; more can be :meth:`learned
    <learn>`.
    """

    __slots__ = ("_known", "_pattern", "_raw_pattern")

    def __init__(self, values: Iterable[str | Secret | None] = ()) -> None:
        self._known: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._raw_pattern: re.Pattern[bytes] | None = None
        self.learn(*values)

    def __repr__(self) -> str:
        return f"Redactor({len(self._known)} secrets)"

    def learn(self, *values: str | Secret | None) -> None:
        """Add secrets to look for from now on; ``None`` and values shorter than :data:`SHORTEST` are left
        out.
        """
        plain = (value.reveal() if isinstance(value, Secret) else value for value in values)
        new = {value for value in plain if value and len(value) >= SHORTEST} - self._known
        if new:
            self._known |= new
            self._compile()

    def text(self, text: str) -> str:
        """``text`` without any known secret."""
        return text if self._pattern is None else self._pattern.sub(MASK, text)

    def data(self, data: bytes) -> bytes:
        """``data`` (UTF-8 or any superset of ASCII) without any known secret."""
        return data if self._raw_pattern is None else self._raw_pattern.sub(MASK.encode(), data)

    def value(self, value: object) -> object:
        """A JSON-like value with every text in it redacted, names included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(str(name)): self.value(item) for name, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(item) for item in value]
        return MASK if isinstance(value, Secret) else value

    def _compile(self) -> None:
        longest_first = sorted(self._known, key=len, reverse=True)
        forms = [form for secret in longest_first for form in _forms(secret)]
        self._pattern = re.compile("|".join(forms))
        self._raw_pattern = re.compile("|".join(forms).encode())


def _forms(secret: str) -> list[str]:
    """Patterns for every spelling of ``secret``."""
    raw = secret.encode("utf-8", "surrogatepass")
    encoded = sorted(_base64_forms(raw), key=len, reverse=True)
    return ["".join(map(_character, secret)), *map(re.escape, encoded), f"(?i:{raw.hex()})"]


def _character(character: str) -> str:
    """A pattern for one character in any escape that a URL, JSON, Python or HTML text may use for it."""
    code, raw = ord(character), character.encode("utf-8", "surrogatepass")
    percent = "".join(f"%(?:25)*{_any_case(f'{byte:02x}')}" for byte in raw)
    units = character.encode("utf-16-be", "surrogatepass")
    unicode = "".join(rf"\\+u{_any_case(units[i : i + 2].hex())}" for i in range(0, len(units), 2))
    html = f"&#(?:0*{code}|[xX]0*{_any_case(f'{code:x}')});"
    ways = [percent, unicode, rf"\\+U{_any_case(f'{code:08x}')}", html]
    if code < 256:
        ways.append(rf"\\+x{_any_case(f'{code:02x}')}")
    ways += [re.escape(name) for name in _NAMED_ESCAPES.get(character, ())]
    plain = re.escape(character) if character.isalnum() else rf"\\*{re.escape(character)}"
    if character == "\\":
        plain = r"\\+"
    return f"(?:{plain}|{'|'.join(ways)})"


_NAMED_ESCAPES = {
    "&": ("&amp;",),
    "<": ("&lt;",),
    ">": ("&gt;",),
    '"': ("&quot;",),
    "'": ("&apos;",),
    " ": ("+",),
}


def _any_case(digits: str) -> str:
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)


def _base64_forms(raw: bytes) -> set[str]:
    """The base64 digits that ``raw`` gives at each of the three offsets, without those its neighbours
    decide.
    """
    forms = set()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for shift in range(3):
            whole = encode(b"\0" * shift + raw).decode()
            first, last = -(-shift * 8 // 6), (shift + len(raw)) * 8 // 6
            if last - first >= _SHORTEST_ENCODED:
                forms.add(whole[first:last])
    return forms
