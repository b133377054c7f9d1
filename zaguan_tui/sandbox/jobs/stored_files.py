"""Stored files: their objects and bytes, expired ones deleted (wire.md 3.7, OpenAI spec)."""

from __future__ import annotations

import uuid

from zaguan_tui.sandbox.engine.ledger.object_store import Body, ObjectStore
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import not_found


async def store_file(
    gateway: Gateway, name: str, purpose: str, data: bytes, lifetime_s: int | None = None
) -> Body:
    """Keep ``data`` as a new file and return its object; ``lifetime_s`` is in seconds."""
    object_store = await gateway.open_object_store()
    created = int(gateway.clock.now().timestamp())
    body: Body = {
        "id": f"file-{uuid.uuid4().hex[:24]}",
        "object": "file",
        "bytes": len(data),
        "created_at": created,
        "filename": name,
        "purpose": purpose,
        "status": "processed",
    }
    if lifetime_s is not None:
        body["expires_at"] = created + lifetime_s
    await object_store.put_bytes(body["id"], data)
    object_store.put("file", body)
    return body


async def find_file(gateway: Gateway, name: str) -> Body:
    """The file of that id. Raises a 404."""
    for body in await unexpired_files(gateway):
        if body["id"] == name:
            return body
    raise not_found("file", name, "file_id")


async def unexpired_files(gateway: Gateway) -> list[Body]:
    """All files; expired ones are deleted first."""
    object_store = await gateway.open_object_store()
    now = gateway.clock.now().timestamp()
    for body in object_store.list("file"):
        if body.get("expires_at") is not None and body["expires_at"] <= now:
            delete_stored_file(object_store, body)
    return object_store.list("file")


def delete_stored_file(object_store: ObjectStore, body: Body) -> None:
    """Delete a file's object and bytes."""
    object_store.remove("file", body["id"])
    object_store.remove_bytes(body["id"])
