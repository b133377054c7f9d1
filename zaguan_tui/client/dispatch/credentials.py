"""API keys: ``Secret`` objects that do not print, and redaction of keys by value.

A secret is found plain, percent-encoded (once or several times, any letter case, all or only some
characters), escaped as JSON, Python or HTML, as hexadecimal digits, and inside the base64 of a longer text.
"""

from __future__ import annotations

import base64
import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, runtime_checkable

MASK = "[redacted]"
SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "x-api-key", "api-key", "cookie", "set-cookie"}
)
"""Headers whose value is never shown, whatever it is."""

SHORTEST = 6
"""Shorter values are not searched for: they would blot out ordinary words."""

_SHORTEST_ENCODED = 8

_HEAD = 6
"""So many letters are looked for in every escape before the pattern of the whole secret is made, which takes
a millisecond a letter."""

_LONGEST = 128
"""Of a longer secret so many letters are compared; what follows without a gap is taken for the rest."""

_MAX_LETTER_WIDTH = 16
"""Bytes one letter may take when it is escaped several times over."""

PLACEHOLDERS = frozenset(
    {
        *("anything", "api-key", "api_key", "apikey", "changeme", "default", "dummy-key", "lm-studio"),
        *("no-key-required", "not-needed", "not-used", "notneeded", "ollama", "openai", "password"),
        *("placeholder", "secret", "sk-no-key-required", "unused", "your-api-key", "zaguan"),
    }
)
"""What servers that want no key tell people to write for one. To mask these would blot out model names."""


@runtime_checkable
class Revealing(Protocol):
    """Any object that holds a secret and gives it only when asked."""

    def reveal(self) -> str:
        """The value itself."""
        ...


DEEPEST = 200
"""Levels of nesting that are redacted one by one: JSON is read to about 1,000, more than a walk may take."""


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
    """Replaces every known secret by :data:`MASK`; more can be :meth:`learned <learn>`.

    Values shorter than :data:`SHORTEST` and :data:`PLACEHOLDERS` are no secrets.
    """

    __slots__ = ("_beginnings", "_known", "_longest", "_longest_first", "_shortest", "reach")

    def __init__(self, secrets: Iterable[str | Revealing | None] = ()) -> None:
        self._known: frozenset[str] = frozenset()
        self._longest_first: tuple[str, ...] = ()
        self._beginnings: dict[str, list[str]] = {}
        self._shortest = self._longest = 0
        self.reach = 0
        """Bytes that the longest spelling of a secret may take, for those who search piece by piece."""
        self.learn(*secrets)

    def __repr__(self) -> str:
        return f"Redactor({len(self._known)} secrets)"

    def learn(self, *secrets: str | Revealing | None) -> None:
        """Add secrets to look for from now on; ``None`` is left out."""
        plain = (value if isinstance(value, str) or value is None else value.reveal() for value in secrets)
        new = {value for value in plain if value and len(value) >= SHORTEST} - PLACEHOLDERS
        if not new <= self._known:
            self._known |= new
            self._longest_first = tuple(sorted(self._known, key=len, reverse=True))
            self._shortest = len(self._longest_first[-1])
            self.reach = len(self._longest_first[0]) * _MAX_LETTER_WIDTH
            for value in new:
                for form in (value, *_other_digits(value)):
                    self._beginnings.setdefault(form[0], []).append(form)
                    self._longest = max(self._longest, len(form))

    def text(self, text: str) -> str:
        """``text`` without any known secret."""
        for secret, pattern in self._present(text):
            text = pattern.sub(MASK, text) if pattern else text.replace(secret, MASK)
        return text

    def data(self, data: bytes) -> bytes:
        """``data`` (UTF-8 or any superset of ASCII) without any known secret."""
        text = data.decode("utf-8", "surrogateescape")
        clean = self.text(text)
        return data if clean == text else clean.encode("utf-8", "surrogateescape")

    def spans(self, data: bytes) -> list[tuple[int, int]]:
        """Where in ``data`` secrets stand, as half-open ranges in order; ranges that overlap are joined."""
        text = data.decode("utf-8", "surrogateescape")
        places = sorted(
            match.span()
            for literal, pattern in self._present(text)
            for match in (pattern or re.compile(re.escape(literal))).finditer(text)
        )
        spans: list[tuple[int, int]] = []
        for start, end in places:
            if spans and start < spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        if text.isascii():
            return spans
        return [(_octets(text, start), _octets(text, end)) for start, end in spans]

    def open_end(self, text: str) -> int:
        """Where in ``text`` an end begins that may be the beginning of a secret; its length when none may."""
        beginnings = self._beginnings
        for place in range(max(0, len(text) - self._longest + 1), len(text)):
            forms = beginnings.get(text[place])
            if forms is not None and any(form.startswith(text[place:]) for form in forms):
                return place
        return len(text)

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Headers with lower-case names, secret ones masked whole, the others by value."""
        return {
            name.lower(): MASK if name.lower() in SECRET_HEADERS else self.text(value)
            for name, value in headers.items()
        }

    def value(self, value: object, levels: int = DEEPEST) -> object:
        """A JSON-like value with every string in it redacted, keys included.

        Objects and lists nested deeper than ``levels`` are masked whole.
        """
        if isinstance(value, str):
            return self.text(value)
        if value is None or isinstance(value, (bool, int, float)):
            return value
        if not levels:
            return MASK
        if isinstance(value, dict):
            return {self.text(str(key)): self.value(item, levels - 1) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(item, levels - 1) for item in value]
        return MASK if isinstance(value, Revealing) else value

    def _present(self, text: str) -> Iterator[tuple[str, re.Pattern[str] | None]]:
        """What to replace in ``text``: the pattern of a secret whose beginning is in it, and each spelling
        as other digits, which stands for itself (``None``).
        """
        if len(text) < self._shortest:
            return
        escaped = any(sign in text for sign in "%\\&") and _ESCAPE.search(text) is not None
        for secret in self._longest_first:
            if escaped or any(escape in text for escape in _plain_escapes(secret)):
                if _head(secret).search(text):
                    yield secret, _whole(secret)
            elif secret in text:
                yield secret, None
            for literal in _other_digits(secret):
                if literal in text:
                    yield literal, None


_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}|\\[uUx][0-9A-Fa-f]|&#|&(?:amp|lt|gt|quot|apos);")
"""An escape that could be any letter. Few texts have one, and in the others a search for the secret as it is
is enough; ``\\n`` and ``\\"``, of which JSON is full, are :func:`_plain_escapes`."""


@functools.lru_cache(maxsize=256)
def _plain_escapes(secret: str) -> tuple[str, ...]:
    """How those characters of ``secret`` begin that may have a backslash or a plus before or for them."""
    special = {letter for letter in secret if not letter.isalnum()}
    return (*(f"\\{letter}" for letter in special), *(("+",) if " " in special else ()))


@functools.lru_cache(maxsize=256)
def _head(secret: str) -> re.Pattern[str]:
    """The first letters of ``secret``, in any escape."""
    return re.compile("".join(map(_letter, secret[:_HEAD])))


@functools.lru_cache(maxsize=256)
def _whole(secret: str) -> re.Pattern[str]:
    """``secret``, each letter in any escape. A letter's spellings all begin with a plain character of their
    own, so searching is fast.
    """
    rest = r"[^\s\"'<>]*" if len(secret) > _LONGEST else ""
    return re.compile("".join(map(_letter, secret[:_LONGEST])) + rest)


_BACKSLASHES = r"\\\\*"
_NAMED_ESCAPES = {
    "&": ("&amp;",),
    "<": ("&lt;",),
    ">": ("&gt;",),
    '"': ("&quot;",),
    "'": ("&apos;",),
    " ": (r"\+",),
}


def _letter(letter: str) -> str:
    """A pattern for one letter in any escape that a URL, JSON, Python or HTML text may use for it."""
    code, raw = ord(letter), letter.encode("utf-8", "surrogatepass")
    percent = "".join(f"%(?:25)*{_any_case(f'{byte:02x}')}" for byte in raw)
    units = letter.encode("utf-16-be", "surrogatepass")
    unicode = "".join(
        f"{_BACKSLASHES}u{_any_case(units[start : start + 2].hex())}" for start in range(0, len(units), 2)
    )
    html = f"&#(?:0{{0,6}}{code}|[xX]0{{0,6}}{_any_case(f'{code:x}')});"
    ways = [re.escape(letter), percent, unicode, f"{_BACKSLASHES}U{_any_case(f'{code:08x}')}", html]
    if code < 256:
        ways.append(f"{_BACKSLASHES}x{_any_case(f'{code:02x}')}")
    if not letter.isalnum():
        ways.append(_BACKSLASHES if letter == "\\" else f"{_BACKSLASHES}{re.escape(letter)}")
    return f"(?:{'|'.join([*ways, *_NAMED_ESCAPES.get(letter, ())])})"


def _any_case(digits: str) -> str:
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)


@functools.lru_cache(maxsize=256)
def _other_digits(secret: str) -> tuple[str, ...]:
    """``secret`` in base64 and as hexadecimal digits, the longest first.

    In the base64 of a longer text its letters depend on the offset modulo three; only the part is kept that
    no neighbour can change.
    """
    raw = secret.encode("utf-8", "surrogatepass")
    forms = {raw.hex(), raw.hex().upper()}
    for encode, shift in itertools.product((base64.b64encode, base64.urlsafe_b64encode), range(3)):
        whole = encode(b"\0" * shift + raw).decode()
        first, last = -(-shift * 8 // 6), (shift + len(raw)) * 8 // 6
        if last - first >= _SHORTEST_ENCODED:
            forms.add(whole[first:last])
    return tuple(sorted(forms, key=len, reverse=True))


def _octets(text: str, place: int) -> int:
    """The byte at which the character at ``place`` begins."""
    return len(text[:place].encode("utf-8", "surrogateescape"))
