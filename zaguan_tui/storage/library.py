"""The library table: system prompts, prompt templates and parameter presets by name."""

from __future__ import annotations

from dataclasses import dataclass

from zaguan_tui.storage.database import Database


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """One entry: ``kind`` is ``system``, ``prompt`` or ``preset``; a preset's text is a JSON object."""

    kind: str
    name: str
    text: str
    updated_at: float


class LibraryTable:
    """Reads and writes the library. Every method may raise ``StorageError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_kind(self, kind: str) -> list[LibraryRow]:
        """Everything of one kind, by name."""
        rows = await self._database.read(
            "SELECT * FROM library WHERE kind = ? ORDER BY name COLLATE NOCASE", (kind,)
        )
        return [LibraryRow(row["kind"], row["name"], row["text"], row["updated_at"]) for row in rows]

    async def write(self, row: LibraryRow) -> None:
        """Keep it; what had its kind and name goes."""
        values = (row.kind, row.name, row.text, row.updated_at)
        await self._database.write(("INSERT OR REPLACE INTO library VALUES (?, ?, ?, ?)", values))

    async def remove(self, kind: str, name: str) -> None:
        """Forget it."""
        await self._database.write(("DELETE FROM library WHERE kind = ? AND name = ?", (kind, name)))
