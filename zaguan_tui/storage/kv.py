"""The key-value table: small JSON values by name. Never a secret."""

from __future__ import annotations

import json
from typing import TypeAlias

from zaguan_tui.storage.database import Database

JSON: TypeAlias = "str | int | float | bool | list[JSON] | dict[str, JSON] | None"


class KeyValueTable:
    """Reads and writes JSON values by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, key: str, default: JSON = None) -> JSON:
        """The value of that name, ``default`` when there is none or it cannot be read. Raises
        ``StorageError``.
        """
        rows = await self._database.read("SELECT value FROM kv WHERE key = ?", (key,))
        if not rows:
            return default
        try:
            value: JSON = json.loads(rows[0]["value"])
        except ValueError:
            return default
        return value

    async def write(self, key: str, value: JSON) -> None:
        """Keep ``value`` under that name. Raises ``StorageError``."""
        await self._database.write(("INSERT OR REPLACE INTO kv VALUES (?, ?)", (key, json.dumps(value))))

    async def forget(self, key: str) -> None:
        """Drop the value of that name. Raises ``StorageError``."""
        await self._database.write(("DELETE FROM kv WHERE key = ?", (key,)))
