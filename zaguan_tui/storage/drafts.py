"""The table of drafts: text typed and not yet sent, by place."""

from __future__ import annotations

from zaguan_tui.storage.database import Database


class DraftTable:
    """Reads and writes drafts. A place is any stable name: ``conversation:ID``, ``playground:new``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, place: str) -> str:
        """The draft of that place, empty when there is none. Raises ``StorageError``."""
        rows = await self._database.read("SELECT text FROM drafts WHERE place = ?", (place,))
        return str(rows[0]["text"]) if rows else ""

    async def write(self, place: str, text: str, at: float) -> None:
        """Keep ``text`` for that place; an empty one is forgotten. Raises ``StorageError``."""
        if text:
            await self._database.write(("INSERT OR REPLACE INTO drafts VALUES (?, ?, ?)", (place, text, at)))
        else:
            await self._database.write(("DELETE FROM drafts WHERE place = ?", (place,)))
