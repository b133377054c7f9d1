"""Where a value came from."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Source(enum.IntEnum):
    """The places a value can come from; a higher one wins over a lower one."""

    DEFAULT = 0
    FILE = 1
    ENVIRONMENT = 2
    COMMAND_LINE = 3


@dataclass(frozen=True, slots=True)
class Origin:
    """The place one value came from.

    ``detail`` names it: the file, the environment variable, or the option. ``line`` counts from 1 in the
    file.
    """

    source: Source
    detail: str = ""
    line: int | None = None

    def __str__(self) -> str:
        if self.source is Source.DEFAULT:
            return "default"
        if self.source is Source.ENVIRONMENT:
            return f"ENV {self.detail}"
        return self.detail if self.line is None else f"{self.detail}:{self.line}"


DEFAULT = Origin(Source.DEFAULT)


class Origins(dict[str, Origin]):
    """Origin by dotted key (``profiles.work.base_url``); a key that is not in it has its default."""

    def of(self, key: str) -> Origin:
        """The origin of ``key``."""
        return self.get(key, DEFAULT)
