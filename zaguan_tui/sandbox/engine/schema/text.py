"""Generate the text of one property of a schema: by its format, pattern, name, and the request."""

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
_REPEAT = re.compile(r"(?:([*?+])|\{(\d+)(?:,\d*)?\})\??")
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
    simple = next((text for text in ("a", "ab", "1", "AB12") if re.search(pattern, text)), None)
    return simple if simple and "^" not in pattern else _sequence(_first_branch(pattern))


def _by_name(name: str, rng: random.Random, text: str, topic: str) -> str:
    if any(word in name for word in _PLACES):
        place = _PLACE.search(text) or _PROPER.search(text)
        return place[place.lastindex or 0] if place else rng.choice(("Paris", "Lisbon", "Helsinki"))
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
        proper = _PROPER.search(text)
        return proper[0] if proper else rng.choice(("Ada", "Grace", "Linus"))
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
    match = _REPEAT.match(pattern, place)
    if not match:
        return 1, place
    return min(int(match[2]), 1000) if match[2] else 1, match.end()
