"""Store of files and jobs: JSON objects in memory and in the database, bytes in the database alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from zaguan_tui.sandbox.engine.ledger.ledger import Ledger
from zaguan_tui.sandbox.engine.providers.world_state import PUT_OBJECT

Body = dict[str, Any]


class ObjectStore:
    """Objects by kind and id, oldest first. `load` it before use; writes are queued behind the ledger's."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._kinds: dict[str, dict[str, Body]] = {}

    async def load(self) -> None:
        """Read what an earlier run left in the database."""
        rows = await self._ledger.read(
            lambda connection: connection.execute("SELECT kind, id, body FROM objects").fetchall()
        )
        for kind, name, text in rows:
            self._kinds.setdefault(kind, {})[name] = json.loads(text)
        for kind, objects_ in self._kinds.items():
            self._kinds[kind] = dict(sorted(objects_.items(), key=lambda item: item[1].get("_order", 0)))

    def put(self, kind: str, body: Body) -> None:
        """Store ``body`` under its ``id``, new or changed."""
        objects = self._kinds.setdefault(kind, {})
        body.setdefault("_order", len(objects) and next(reversed(objects.values())).get("_order", 0) + 1)
        objects[body["id"]] = body
        row = (kind, body["id"], json.dumps(body))
        self._ledger.later(_execution(PUT_OBJECT, row))

    def get(self, kind: str, name: str) -> Body | None:
        """The object itself, not a copy: `put` it again after a change."""
        return self._kinds.get(kind, {}).get(name)

    def list(self, kind: str) -> list[Body]:
        """All objects of a kind, oldest first."""
        return list(self._kinds.get(kind, {}).values())

    def remove(self, kind: str, name: str) -> None:
        """Delete an object."""
        if self._kinds.get(kind, {}).pop(name, None) is not None:
            self._ledger.later(_execution("DELETE FROM objects WHERE kind = ? AND id = ?", (kind, name)))

    def clear(self, kind: str) -> None:
        """Delete all objects of a kind."""
        if self._kinds.pop(kind, None):
            self._ledger.later(_execution("DELETE FROM objects WHERE kind = ?", (kind,)))

    async def put_bytes(self, name: str, data: bytes) -> None:
        """Keep ``data``; returns once it is committed, within a transaction at once."""
        await self._ledger.write(_execution("INSERT OR REPLACE INTO blobs VALUES (?, ?)", (name, data)))

    async def read_bytes(self, name: str) -> bytes:
        """The bytes kept under that name, empty when there are none."""
        query = "SELECT data FROM blobs WHERE id = ?"
        row = await self._ledger.read(lambda connection: connection.execute(query, (name,)).fetchone())
        return b"" if row is None else bytes(row[0])

    def remove_bytes(self, name: str) -> None:
        """Delete the bytes."""
        self._ledger.later(_execution("DELETE FROM blobs WHERE id = ?", (name,)))


def public_fields(body: Body) -> Body:
    """The object as the wire has it: without private fields."""
    return {name: value for name, value in body.items() if not name.startswith("_")}


def _execution(query: str, values: tuple[Any, ...]) -> Callable[[sqlite3.Connection], None]:
    def execute(connection: sqlite3.Connection) -> None:
        connection.execute(query, values)

    return execute
