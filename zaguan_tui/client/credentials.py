"""Keys in objects that do not give themselves away, and the redaction of keys by value."""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Iterable, Mapping

MASK = "[redacted]"
SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "x-api-key", "api-key", "cookie", "set-cookie"}
)
"""Headers whose value is never shown, whatever it is."""

_SHORTEST = 6
"""Shorter values are not searched for: they would blot out ordinary words."""

_WIDEST_LETTER = 16
"""Bytes one letter may take when it is escaped several times over."""


class Secret:
    """A string that is masked wherever it is printed; :meth:`reveal` is the only way to the value."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the one place that writes it on the wire."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('****')"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __bool__(self) -> bool:
        return bool(self._value)

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a Secret cannot be pickled or copied out of the process")


class Redactor:
    """Replaces known secrets by a mask: plain, URL-encoded (in part, or twice), JSON-escaped and base64."""

    __slots__ = ("_patterns", "_raw_patterns", "reach")

    def __init__(self, secrets: Iterable[Secret | None] = ()) -> None:
        values = {secret.reveal() for secret in secrets if secret is not None}
        patterns = [
            _pattern(value) for value in sorted(values, key=len, reverse=True) if len(value) >= _SHORTEST
        ]
        self.reach = max((len(value) for value in values), default=0) * _WIDEST_LETTER
        """Bytes that the longest spelling of a secret may take, for those who search piece by piece."""
        self._patterns = [re.compile(pattern) for pattern in patterns]
        self._raw_patterns = [re.compile(pattern.encode()) for pattern in patterns]

    def text(self, text: str) -> str:
        """``text`` without any known secret."""
        for pattern in self._patterns:
            text = pattern.sub(MASK, text)
        return text

    def data(self, data: bytes) -> bytes:
        """``data`` without any known secret."""
        for pattern in self._raw_patterns:
            data = pattern.sub(MASK.encode(), data)
        return data

    def spans(self, data: bytes) -> list[tuple[int, int]]:
        """Where in ``data`` secrets stand, as half-open ranges in order; ranges that overlap are joined."""
        found = sorted(match.span() for pattern in self._raw_patterns for match in pattern.finditer(data))
        spans: list[tuple[int, int]] = []
        for start, end in found:
            if spans and start < spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        return spans

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Headers with lower-case names, secret ones masked whole, the others by value."""
        return {
            name.lower(): MASK if name.lower() in SECRET_HEADERS else self.text(value)
            for name, value in headers.items()
        }

    def value(self, value: object) -> object:
        """A JSON value with every string in it redacted, keys included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(str(key)): self.value(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.value(item) for item in value]
        return value


@functools.lru_cache(maxsize=32)
def _pattern(value: str) -> str:
    """What finds ``value`` however it is written. It begins with plain letters, so searching is fast."""
    return "|".join(
        ["".join(_letter(letter) for letter in value), *map(re.escape, sorted(_base64_forms(value)))]
    )


def _letter(letter: str) -> str:
    """The spellings of one letter of a secret; RFC 3986's unreserved ones are always written plainly."""
    plain = re.escape(letter)
    if letter.isalnum() or letter in "-._~":
        return plain
    percent = "".join(f"%(?:25)*(?i:{byte:02x})" for byte in letter.encode())
    return rf"(?:\\*{plain}|{percent}|\\+u(?i:{ord(letter):04x}))"


def _base64_forms(value: str) -> set[str]:
    """``value`` in base64. Inside a longer text its letters depend on the offset modulo three.

    Only the part is kept that no neighbour can change.
    """
    raw = value.encode()
    forms: set[str] = set()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for shift in range(3):
            whole = encode(b"\0" * shift + raw).decode()
            first, last = -(-shift * 8 // 6), (shift + len(raw)) * 8 // 6
            if last - first >= 2 * _SHORTEST:
                forms.add(whole[first:last])
    return forms
