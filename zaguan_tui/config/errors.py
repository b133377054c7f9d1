"""What is wrong with a configuration, in sentences that never show a secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from zaguan_tui.config.schema import RejectedError
from zaguan_tui.config.secrets import looks_secret, names_secret

_MAX_SHOWN_LENGTH = 60


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """One thing wrong: ``where`` (``config.toml:12``, ``ENV ZAGUAN_THEME``, ``--profile``) and what, in
    words.
    """

    where: str
    message: str

    def __str__(self) -> str:
        return escape_controls(f"{self.where}: {self.message}")

    @classmethod
    def of(cls, where: str, key: str, raw: object, error: RejectedError) -> ConfigProblem:
        """The problem that ``raw`` at ``key`` was refused with ``error``."""
        value = format_value(key, raw, hide=error.hide)
        subject = f"{format_key(key)} = {value}" if key else value
        tellable = error.nearest is not None and not error.hide and not looks_secret(error.nearest)
        hint = f"; did you mean {json.dumps(error.nearest)}?" if tellable else ""
        return cls(where, f"{subject} {error}{hint or '.'}")


class ConfigError(Exception):
    """The configuration cannot be used; ``problems`` says why, in the order of the file."""

    def __init__(self, *problems: ConfigProblem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def format_key(key: str) -> str:
    """``key``, unless a secret was put where a name belongs."""
    return "(a name, not shown: it looks like a key)" if looks_secret(key) else key


def format_value(key: str, value: object, *, hide: bool = False) -> str:
    """``value`` as it would stand in the file, shortened; hidden when it may be a secret."""
    name = key.rpartition(".")[2]
    if hide or names_secret(name):
        return "(not shown)"
    if isinstance(value, Mapping):
        return "{…}"
    text = json.dumps(value, ensure_ascii=False, default=str)
    if looks_secret(text):
        return "(not shown: it looks like a key)"
    return text if len(text) <= _MAX_SHOWN_LENGTH else f"{text[: _MAX_SHOWN_LENGTH - 1]}…"


def escape_controls(text: str) -> str:
    """``text`` with every character that a terminal might obey, or that hides, spelled out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "replace").decode() for c in text)
