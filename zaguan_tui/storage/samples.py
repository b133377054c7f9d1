"""The table of samples: points of time series (latency, error rate, credits), bounded by age."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zaguan_tui.storage.database import Database


@dataclass(frozen=True, slots=True)
class Sample:
    """One point. ``at`` is Unix seconds, ``value`` ``None`` where the source said nothing (a gap)."""

    series: str
    at: float
    value: float | None


class SampleTable:
    """Reads and writes points. A series is any stable name: ``https://host provider/groq/p95``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, samples: Iterable[Sample]) -> None:
        """Keep the points; one at the same moment of the same series is replaced. Raises ``StorageError``."""
        rows = [(sample.series, sample.at, sample.value) for sample in samples]
        if rows:
            await self._database.write_many("INSERT OR REPLACE INTO samples VALUES (?, ?, ?)", rows)

    async def read(self, series: str, since: float = 0.0) -> list[Sample]:
        """The points of one series, oldest first. Raises ``StorageError``."""
        rows = await self._database.read(
            "SELECT * FROM samples WHERE series = ? AND at >= ? ORDER BY at", (series, since)
        )
        return [Sample(row["series"], row["at"], row["value"]) for row in rows]

    async def names(self, prefix: str) -> list[str]:
        """The names of all series that begin with ``prefix``, sorted. Raises ``StorageError``.

        Leaps from name to name instead of reading every point.
        """
        rows = await self._database.read(
            "WITH RECURSIVE names (name) AS (SELECT min(series) FROM samples WHERE series >= :prefix "
            "UNION ALL SELECT (SELECT min(series) FROM samples WHERE series > name) FROM names "
            "WHERE substr(name, 1, length(:prefix)) = :prefix) "
            "SELECT name FROM names WHERE substr(name, 1, length(:prefix)) = :prefix",
            {"prefix": prefix},
        )
        return [row["name"] for row in rows]

    async def read_all(self, prefix: str, since: float = 0.0) -> dict[str, list[Sample]]:
        """The points of every series whose name begins with ``prefix``, oldest first. Raises
        ``StorageError``.
        """
        rows = await self._database.read(
            "SELECT * FROM samples WHERE substr(series, 1, length(:prefix)) = :prefix AND at >= :since "
            "ORDER BY series, at",
            {"prefix": prefix, "since": since},
        )
        samples: dict[str, list[Sample]] = {}
        for row in rows:
            samples.setdefault(row["series"], []).append(Sample(row["series"], row["at"], row["value"]))
        return samples

    async def forget(self, before: float) -> None:
        """Drop every point older than ``before``. Raises ``StorageError``."""
        await self._database.write(("DELETE FROM samples WHERE at < ?", (before,)))
