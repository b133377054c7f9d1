"""States of a message batch: in progress, canceling, ended (Anthropic docs, wire.md 10.2)."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import Counter
from typing import Any

from zaguan_tui.sandbox.calls.chat_turn import ChatTurn, anthropic
from zaguan_tui.sandbox.engine.clock import format_instant
from zaguan_tui.sandbox.engine.ledger.ledger import LedgerError
from zaguan_tui.sandbox.engine.ledger.object_store import Body, ObjectStore
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import GatewayError
from zaguan_tui.sandbox.jobs.worker_pool import process_items

OUTCOMES = ("succeeded", "errored", "canceled", "expired")
_STARTING_SECONDS = 3.0


class MessageBatchJob:
    """Answers every request of one batch; the counts move only at the end, as Anthropic's do."""

    def __init__(self, gateway: Gateway, object_store: ObjectStore, body: Body) -> None:
        self._gateway = gateway
        self._object_store = object_store
        self._body = body
        self._answers = f"message answers {body['id']}"
        self._expires = body["_expires"]

    async def run(self) -> None:
        """Answer what is not answered yet, then write the results and end."""
        await asyncio.sleep(self._gateway.clock.real(_STARTING_SECONDS))
        requests = json.loads(await self._object_store.read_bytes(self._body["id"]))
        done = {row["id"] for row in self._object_store.list(self._answers)}
        remaining = [row for row in requests if row["custom_id"] not in done]
        remaining = await process_items(remaining, self._answer, self._stopped)
        outcome = "canceled" if self._body["processing_status"] == "canceling" else "expired"
        rows = [
            {"custom_id": row["id"], "result": row["result"]}
            for row in self._object_store.list(self._answers)
        ]
        rows += [{"custom_id": row["custom_id"], "result": {"type": outcome}} for row in remaining]
        data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
        counts = Counter(row["result"]["type"] for row in rows)
        async with self._gateway.ledger.transaction():
            await self._object_store.put_bytes(f"{self._body['id']}/results", data)
            self._body["request_counts"] = {"processing": 0, **{name: counts[name] for name in OUTCOMES}}
            self._body["processing_status"] = "ended"
            self._body["ended_at"] = format_instant(self._gateway.clock.now())
            self._object_store.clear(self._answers)
            self._object_store.put("message batch", self._body)

    async def _answer(self, row: dict[str, Any]) -> None:
        """Answer one request; the answer is committed together with its debit."""
        request_id = f"req_{uuid.uuid4().hex}"
        name = row["custom_id"]
        try:
            async with self._gateway.ledger.transaction():
                result = await self._result(row["params"], request_id)
                self._object_store.put(self._answers, {"id": name, "result": result})
        except LedgerError as error:
            self._object_store.put(self._answers, {"id": name, "result": _unwritten(error, request_id)})

    async def _result(self, params: dict[str, Any], request_id: str) -> dict[str, Any]:
        try:
            message = await ChatTurn(
                self._gateway, anthropic(), {**params, "stream": False}, request_id
            ).run()
        except GatewayError as error:
            return {"type": "errored", "error": error.anthropic_body(request_id)}
        except LedgerError as error:
            return _unwritten(error, request_id)
        return {"type": "succeeded", "message": message}

    def _stopped(self) -> bool:
        late = self._gateway.clock.now().timestamp() >= self._expires
        return bool(self._body["processing_status"] == "canceling" or late)


def _unwritten(error: LedgerError, request_id: str) -> dict[str, Any]:
    """The result of a request whose debit could not be written."""
    refusal = GatewayError(503, str(error), kind="server_error")
    return {"type": "errored", "error": refusal.anthropic_body(request_id)}
