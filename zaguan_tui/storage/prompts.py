"""What was asked lately, in any conversation: for walking through it in the prompt."""

from __future__ import annotations

from typing import Final

from zaguan_tui.storage.database import Database

MAX_PROMPTS: Final = 200
MAX_PROMPT_LENGTH: Final = 20_000
"""Characters of a prompt that is still walked through."""


class PromptTable:
    """Reads prompts. They go with their conversations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recent(self, most: int = MAX_PROMPTS) -> list[str]:
        """The last prompts, oldest first, each once. Raises ``StorageError``."""
        rows = await self._database.read(
            "SELECT text FROM messages WHERE role = 'user' AND length(text) BETWEEN 1 AND ? "
            "GROUP BY text ORDER BY max(number) DESC LIMIT ?",
            (MAX_PROMPT_LENGTH, most),
        )
        return [row["text"] for row in reversed(rows)]
