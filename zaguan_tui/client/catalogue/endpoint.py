"""``Endpoint``: one row of the catalogue, with call class, priority and path placeholders."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from urllib.parse import quote

from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.sentences import describe_value

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_WITH_SLASHES = frozenset({"model_id"})
"""Ids that contain ``/`` by nature and keep it in a path (wire reference §1.1, proposal)."""


class CallClass(enum.StrEnum):
    """What happens if a call is made twice; decides retries and time limits (§12, proposal)."""

    READ = "read"
    GENERATION = "generation"
    ACT = "act"


class Priority(enum.StrEnum):
    """How much the app depends on the call: the core screens, the other screens, or neither."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method and path template, the section it belongs to, and the client methods that call it.

    ``admin`` calls use the admin key where there is one. An ``extension`` is not part of the catalogue.
    """

    method: str
    path: str
    section: str
    priority: Priority
    names: tuple[str, ...]
    call_class: CallClass
    admin: bool = False
    extension: bool = False

    @property
    def label(self) -> str:
        """How the call is named to people: ``GET /v1/models``."""
        return f"{self.method} {self.path}"

    @property
    def name(self) -> str:
        """The first (or only) client method."""
        return self.names[0]

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The ids that the path needs, in order."""
        return tuple(_PLACEHOLDER.findall(self.path))

    @property
    def is_list(self) -> bool:
        """A read of a collection: a path without an id. A 404 on it can only mean that the call is absent."""
        return self.method == "GET" and not self.placeholders

    def fill(self, **ids: str) -> str:
        """The path with every placeholder replaced by its percent-encoded id.

        Raises :class:`ArgumentError` for an id that is empty or would walk out of its place (``.``, ``..``).
        """
        return _PLACEHOLDER.sub(lambda match: encode_id(match[1], ids[match[1]]), self.path)


def encode_id(name: str, value: object) -> str:
    """``value`` as one part of a path; only model ids keep their slashes."""
    segments = str(value).split("/") if name in _WITH_SLASHES else [str(value)]
    if not isinstance(value, str) or any(segment.strip() in ("", ".", "..") for segment in segments):
        raise ArgumentError(name, f"is {describe_value(value)}", "an id with no empty, '.' or '..' part")
    try:
        return "/".join(quote(segment, safe="") for segment in segments)
    except UnicodeEncodeError:
        raise ArgumentError(name, "holds half a character", "an id in valid Unicode") from None
