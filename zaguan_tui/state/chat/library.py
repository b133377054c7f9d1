"""The library: system prompts, prompt templates and parameter presets stored by name."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from zaguan_tui.state.core.clock import Clock
from zaguan_tui.state.core.store import Problem
from zaguan_tui.storage.errors import StorageError

if TYPE_CHECKING:
    from zaguan_tui.storage.library import LibraryTable

Kind = Literal["system", "prompt", "preset", "values"]
"""``values`` are what was last filled into the variables of a prompt: a JSON object, named after it."""


@dataclass(frozen=True, slots=True)
class LibraryItem:
    """One thing kept. The text of a preset is a JSON object of parameters."""

    name: str
    text: str


class Library:
    """Reads and writes what is kept, in memory alone until there is a file.

    A file that fails is never raised: what could be read before is still there, and a write that did not
    reach the file says so and holds until the program ends.
    """

    def __init__(self, clock: Clock, table: LibraryTable | None = None) -> None:
        self._clock = clock
        self._table = table
        self._written: dict[Kind, dict[str, str]] = {}
        self._unwritten: dict[tuple[Kind, str], str | None] = {}

    async def list(self, kind: Kind) -> tuple[LibraryItem, ...]:
        """Everything of one kind, by name."""
        known = await self._read(kind)
        return tuple(
            LibraryItem(name, known[name]) for name in sorted(known, key=lambda name: (name.lower(), name))
        )

    async def names(self, kind: Kind) -> tuple[str, ...]:
        """The names of one kind, in order."""
        return tuple(entry.name for entry in await self.list(kind))

    async def text(self, kind: Kind, name: str) -> str | None:
        """What is kept under a name."""
        return (await self._read(kind)).get(name)

    async def save(self, kind: Kind, name: str, text: str) -> Problem | None:
        """Keep a text; what had its name goes. The problem, if it is kept in memory only."""
        return await self._write(kind, name, text)

    async def remove(self, kind: Kind, name: str) -> Problem | None:
        """Forget it. The problem, if the file still has it."""
        return await self._write(kind, name, None)

    async def _read(self, kind: Kind) -> dict[str, str]:
        if self._table is not None:
            with contextlib.suppress(StorageError):
                self._written[kind] = {row.name: row.text for row in await self._table.of_kind(kind)}
        known = dict(self._written.get(kind, {}))
        for (its_kind, name), text in self._unwritten.items():
            if its_kind == kind:
                known.pop(name, None)
                if text is not None:
                    known[name] = text
        return known

    async def _write(self, kind: Kind, name: str, text: str | None) -> Problem | None:
        self._unwritten[kind, name] = text
        if self._table is None:
            return None
        from zaguan_tui.storage.library import LibraryRow  # SQLite: no start needs it

        try:
            if text is None:
                await self._table.remove(kind, name)
            else:
                await self._table.write(LibraryRow(kind, name, text, self._clock.now().timestamp()))
        except StorageError as error:
            return Problem(str(error), "The change holds until the program ends.")
        self._unwritten.pop((kind, name), None)
        return None
