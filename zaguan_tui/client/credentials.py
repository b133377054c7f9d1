"""Keys in objects that do not give themselves away, and the redaction of keys by value."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from urllib.parse import quote, quote_plus

MASK = "[redacted]"
SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "x-api-key", "api-key", "cookie", "set-cookie"}
)
"""Headers whose value is never shown, whatever it is."""

_SHORTEST = 6
"""Shorter values are not searched for: they would blot out ordinary words."""


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
    """Replaces known secrets by a mask, in plain, URL-encoded, JSON-escaped and base64 form."""

    __slots__ = ("_needles", "_raw_needles")

    def __init__(self, secrets: Iterable[Secret | None] = ()) -> None:
        forms: set[str] = set()
        for secret in secrets:
            if secret is not None and len(secret.reveal()) >= _SHORTEST:
                forms |= _forms(secret.reveal())
        self._needles = sorted(forms, key=len, reverse=True)
        self._raw_needles = [needle.encode() for needle in self._needles]

    def text(self, text: str) -> str:
        """``text`` without any known secret."""
        for needle in self._needles:
            if needle in text:
                text = text.replace(needle, MASK)
        return text

    def data(self, data: bytes) -> bytes:
        """``data`` without any known secret."""
        for needle in self._raw_needles:
            if needle in data:
                data = data.replace(needle, MASK.encode())
        return data

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


def _forms(value: str) -> set[str]:
    """The spellings in which ``value`` may turn up in a URL, a JSON text or an encoded header."""
    raw = value.encode()
    forms = {value, quote(value, safe=""), quote(value), quote_plus(value), quote(value, safe="").lower()}
    forms.add(value.replace("\\", "\\\\").replace('"', '\\"').replace("/", "\\/"))
    forms.add(value.replace("\\", "\\\\").replace('"', '\\"'))
    # Inside a longer text base64 depends on the offset modulo three: keep what no neighbour can change.
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        forms.add(encode(raw).decode())
        for shift in range(3):
            whole = encode(b"\0" * shift + raw).decode()
            first, last = -(-shift * 8 // 6), (shift + len(raw)) * 8 // 6
            if last - first >= 2 * _SHORTEST:
                forms.add(whole[first:last])
    return {form for form in forms if len(form) >= _SHORTEST}
