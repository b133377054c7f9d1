"""Text for one property of a schema: by its format, its pattern, its name, and what was asked."""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Mapping
from typing import Any

_PLACE = re.compile(r"\b(?:in|for|at|of|near|to|from)\s+(?:the\s+)?([A-Z][\w'’-]+(?:[ -][A-Z][\w'’-]+)*)")
_NAME = r"[A-Z][a-z'’][\w'’-]*(?: [A-Z][a-z'’][\w'’-]*)*"
_PROPER = re.compile(
    rf"(?<=[a-z,:] ){_NAME}"
    rf"|(?:^|(?<=\n)|(?<=[.!?] ))(?!Wh|How|It|This|That|There|Here){_NAME}(?= (?:is|was|has|lives)\b)"
)
_SUM = re.compile(r"[-\d(][\d\s.+*/()×÷^-]*[+*/×÷^-][\d\s.+*/()×÷^-]*[\d)]")
_QUOTED = re.compile(r"[\"“']([^\"”']{1,200})[\"”']")
_FORMATS = {
    "date": "2026-11-20",
    "date-time": "2026-11-20T09:00:00Z",
    "time": "09:00:00Z",
    "duration": "PT30M",
    "email": "ada@example.com",
    "idn-email": "ada@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.7",
    "ipv6": "2001:db8::7",
    "uri": "https://example.com/",
    "url": "https://example.com/",
}
_PLACES = ("city", "location", "place", "town", "country", "destination", "region", "address")
_WHOLE = ("query", "question", "text", "prompt", "message", "input", "content", "request", "search")
_SUMS = ("expression", "formula", "equation", "calculation")


def fitting_text(rules: Mapping[str, Any], name: str, rng: random.Random, text: str, topic: str) -> str:
    """A text that keeps the schema's ``format``, ``pattern``, ``minLength`` and ``maxLength``."""
    pattern = rules.get("pattern")
    if isinstance(pattern, str):
        return sample(pattern)
    form = rules.get("format")
    if form == "uuid":
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))
    value = _FORMATS[form] if form in _FORMATS else _by_name(name.casefold(), rng, text, topic)
    shortest, longest = rules.get("minLength"), rules.get("maxLength")
    if isinstance(shortest, int):
        while len(value) < min(shortest, 10_000):
            value += f" {value or 'text'}"
    return value[:longest] if isinstance(longest, int) and longest >= 0 else value


def sample(pattern: str) -> str:
    """A text the pattern matches, for the usual kinds of patterns; others get their closest reading."""
    if any(re.search(pattern, found) for found in ("a", "ab", "1", "AB12")) and "^" not in pattern:
        return next(found for found in ("a", "ab", "1", "AB12") if re.search(pattern, found))
    return _sequence(_first_branch(pattern))


def _by_name(name: str, rng: random.Random, text: str, topic: str) -> str:
    if any(word in name for word in _PLACES):
        found = _PLACE.search(text) or _PROPER.search(text)
        return found[found.lastindex or 0] if found else rng.choice(("Paris", "Lisbon", "Helsinki"))
    if any(word in name for word in _SUMS):
        sums = _SUM.search(text)
        return sums[0].strip() if sums else "6 * 7"
    if name in _WHOLE or "query" in name:
        quoted = _QUOTED.search(text)
        return (quoted[1] if quoted else text.strip())[:400] or topic
    if "email" in name:
        return "ada@example.com"
    if "url" in name or "link" in name:
        return "https://example.com/"
    if name.endswith(("date", "_at")) or name == "day":
        return "2026-11-20"
    if name.endswith("name") or name in ("author", "person", "user"):
        found = _PROPER.search(text)
        return found[0] if found else rng.choice(("Ada", "Grace", "Linus"))
    if name in ("id", "code") or name.endswith("_id"):
        return f"{name.removesuffix('_id') or 'id'}-{rng.randrange(1000, 9999)}"
    return topic or "text"


def _first_branch(pattern: str) -> str:
    """The pattern up to the first ``|`` that stands outside of groups and classes."""
    depth, inside, escaped = 0, False, False
    for index, sign in enumerate(pattern):
        if escaped or sign == "\\":
            escaped = not escaped
        elif inside:
            inside = sign != "]"
        elif sign == "[":
            inside = True
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "|" and depth == 0:
            return pattern[:index]
    return pattern


def _sequence(pattern: str) -> str:
    out, place = "", 0
    while place < len(pattern):
        sign = pattern[place]
        if sign == "[":
            end = pattern.find("]", place + 2)
            atom, place = _from_class(pattern[place + 1 : end]), end + 1 if end > 0 else len(pattern)
        elif sign == "(":
            end = _closing(pattern, place)
            inner = re.sub(r"^\?(?:P?<\w+>|:)", "", pattern[place + 1 : end])
            atom, place = _sequence(_first_branch(inner)), end + 1
        elif sign == "\\":
            atom, place = _escaped(pattern[place + 1 : place + 2]), place + 2
        else:
            atom, place = {"^": "", "$": "", ".": "x"}.get(sign, sign), place + 1
        times, place = _repeats(pattern, place)
        out += atom * times
    return out


def _from_class(inside: str) -> str:
    if inside.startswith("^"):
        return next(sign for sign in "ax0_-. " if sign not in inside)
    return _escaped(inside[1:2]) if inside.startswith("\\") else inside[:1]


def _escaped(sign: str) -> str:
    return {"d": "1", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a", "b": "", "B": ""}.get(sign, sign)


def _closing(pattern: str, start: int) -> int:
    depth = 0
    for index in range(start, len(pattern)):
        if pattern[index] in "()" and pattern[index - 1 : index] != "\\":
            depth += 1 if pattern[index] == "(" else -1
            if depth == 0:
                return index
    return len(pattern)


def _repeats(pattern: str, place: int) -> tuple[int, int]:
    """How often the atom before ``place`` is due, and where the pattern goes on."""
    found = re.compile(r"(?:([*?+])|\{(\d+)(?:,\d*)?\})\??").match(pattern, place)
    if not found:
        return 1, place
    times = min(int(found[2]), 1000) if found[2] else 1
    return times, found.end()
