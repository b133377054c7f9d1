"""Prompts of earlier runs, from the database; empty where it cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zaguan_tui.storage.errors import StorageError

if TYPE_CHECKING:
    from zaguan_tui.storage.conversations import PromptTable


class PromptHistory:
    """Reads the last prompts."""

    def __init__(self, table: PromptTable) -> None:
        self._table = table

    async def recent(self) -> list[str]:
        """The last 200 prompts, oldest first, each once."""
        try:
            return await self._table.recent()
        except StorageError:
            return []
