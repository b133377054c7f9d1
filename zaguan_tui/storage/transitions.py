"""The table of circuit breaker transitions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from zaguan_tui.storage.database import Database


@dataclass(frozen=True, slots=True)
class TransitionRow:
    """One change of one breaker. ``scope`` is the model where breakers are per model, else empty.

    ``gateway`` is the base URL it was seen at, ``at`` Unix seconds, ``details`` a JSON object.
    """

    gateway: str
    provider: str
    from_state: str
    to_state: str
    at: float
    scope: str = ""
    details: str = "{}"


class TransitionTable:
    """Reads and writes transitions; a duplicate is stored once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, transitions: Iterable[TransitionRow]) -> None:
        """Keep the transitions. Raises ``StorageError``."""
        rows = [asdict(transition) for transition in transitions]
        if rows:
            await self._database.write_many(
                "INSERT OR IGNORE INTO transitions "
                "(gateway, provider, scope, from_state, to_state, at, details) "
                "VALUES (:gateway, :provider, :scope, :from_state, :to_state, :at, :details)",
                rows,
            )

    async def read(self, gateway: str, since: float = 0.0, limit: int = 1_000) -> list[TransitionRow]:
        """The newest ``limit`` transitions seen at that gateway, oldest first. Raises ``StorageError``."""
        rows = await self._database.read(
            "SELECT * FROM transitions WHERE gateway = ? AND at >= ? ORDER BY at DESC, number DESC LIMIT ?",
            (gateway, since, limit),
        )
        names = TransitionRow.__slots__
        return [TransitionRow(**{name: row[name] for name in names}) for row in reversed(rows)]

    async def forget(self, before: float) -> None:
        """Drop every transition older than ``before``. Raises ``StorageError``."""
        await self._database.write(("DELETE FROM transitions WHERE at < ?", (before,)))
