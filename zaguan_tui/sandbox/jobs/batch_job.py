"""States of a batch: validating, in progress, finalizing, ended (wire.md 10.1)."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

from zaguan_tui.sandbox.engine.ledger.ledger import LedgerError
from zaguan_tui.sandbox.engine.ledger.object_store import Body, ObjectStore
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import GatewayError
from zaguan_tui.sandbox.jobs.batch_lines import Line, answer_line, read_lines
from zaguan_tui.sandbox.jobs.stored_files import store_file
from zaguan_tui.sandbox.jobs.worker_pool import process_items

WINDOW_SECONDS = 24 * 3600
VALIDATING_SECONDS = 4.0
FINALIZING_SECONDS = 3.0
ENDED = frozenset({"failed", "completed", "expired", "cancelled"})


def no_usage() -> Body:
    """The usage of a batch before its first answer (OpenAI spec)."""
    return {
        "input_tokens": 0,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": 0,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 0,
    }


class BatchJob:
    """Runs one batch to its end; `run` again after a restart goes on with the lines not yet answered.

    An answer is committed together with its debit; counts and usage are the sums of the committed answers.
    """

    def __init__(self, gateway: Gateway, object_store: ObjectStore, body: Body) -> None:
        self._gateway = gateway
        self._object_store = object_store
        self._body = body
        self._answers = f"batch answers {body['id']}"

    async def run(self) -> None:
        """Validate, answer every line, write the files. Every step is stored at once."""
        if self._body["status"] == "validating":
            await self._sleep(VALIDATING_SECONDS)
        data = await self._object_store.read_bytes(self._body["input_file_id"])
        lines, errors = await asyncio.to_thread(read_lines, data, self._body["endpoint"])
        if errors:
            self._body["errors"] = {"object": "list", "data": errors}
            self._enter("failed")
            return
        self._body["request_counts"]["total"] = len(lines)
        model = lines[0].body.get("model")
        if isinstance(model, str) and model:
            self._body["model"] = model
        if self._body["status"] == "validating" and not self._stopped():
            self._enter("in_progress")
        names = {row["id"] for row in self._object_store.list(self._answers)}
        remaining = [line for line in lines if line.custom_id not in names]
        remaining = await process_items(remaining, self._answer, self._stopped)
        await self._finish(remaining)

    def restore(self) -> None:
        """Sum up counts and usage of the answers that an earlier run has committed."""
        self._body["request_counts"] |= {"completed": 0, "failed": 0}
        self._body["usage"] = no_usage()
        for row in self._object_store.list(self._answers):
            self._count(row)

    async def _answer(self, line: Line) -> None:
        request_id = f"req_{uuid.uuid4().hex}"
        row: Body = {
            "id": line.custom_id,
            "batch_id": f"batch_req_{uuid.uuid4().hex[:24]}",
            "request_id": request_id,
        }
        try:
            async with self._gateway.ledger.transaction():
                status, answer = await answer_line(
                    self._gateway, self._body["endpoint"], line.body, request_id
                )
                row |= {"status": status, "body": answer}
                self._object_store.put(self._answers, row)
        except LedgerError as error:
            row |= {"status": 503, "body": GatewayError(503, str(error), kind="server_error").body()}
            self._object_store.put(self._answers, row)
        self._count(row)

    def _count(self, row: Body) -> None:
        self._body["request_counts"]["completed" if row["status"] == 200 else "failed"] += 1
        if row["status"] != 200:
            return
        usage, total = row["body"].get("usage") or {}, self._body["usage"]
        prompt, written = usage.get("prompt_tokens", 0), usage.get("completion_tokens", 0)
        total["input_tokens"] += prompt
        total["output_tokens"] += written
        total["total_tokens"] += prompt + written
        cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens", 0)
        reasoning = (usage.get("completion_tokens_details") or {}).get("reasoning_tokens", 0)
        total["input_tokens_details"]["cached_tokens"] += cached
        total["output_tokens_details"]["reasoning_tokens"] += reasoning

    async def _finish(self, remaining: list[Line]) -> None:
        """Write output and error file; lines without an answer are in the error file of an expired batch."""
        expired = bool(remaining) and self._body["status"] != "cancelling"
        if self._body["status"] == "in_progress" and not expired:
            self._enter("finalizing")
        await self._sleep(FINALIZING_SECONDS)
        rows = self._object_store.list(self._answers)
        good = [_output(row) for row in rows if row["status"] == 200]
        bad = [_output(row) for row in rows if row["status"] != 200]
        async with self._gateway.ledger.transaction():
            if expired:
                self._body["request_counts"]["failed"] += len(remaining)
                bad += [_unanswered(line) for line in remaining]
            for key, name, rows_ in (("output_file_id", "output", good), ("error_file_id", "errors", bad)):
                if rows_:
                    self._body[key] = await self._write(name, rows_)
            self._object_store.clear(self._answers)
            cancelled = self._body["status"] == "cancelling"
            self._enter("cancelled" if cancelled else "expired" if expired else "completed")

    async def _write(self, name: str, rows: list[dict[str, Any]]) -> str:
        data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
        body = await store_file(self._gateway, f"{self._body['id']}_{name}.jsonl", "batch_output", data)
        return str(body["id"])

    def _stopped(self) -> bool:
        now = self._gateway.clock.now().timestamp()
        return bool(self._body["status"] == "cancelling" or now >= self._body["expires_at"])

    def _enter(self, status: str) -> None:
        self._body["status"] = status
        if not self._body.get(f"{status}_at"):
            self._body[f"{status}_at"] = int(self._gateway.clock.now().timestamp())
        self._object_store.put("batch", self._body)

    async def _sleep(self, world_seconds: float) -> None:
        await asyncio.sleep(self._gateway.clock.real(world_seconds))


def _output(row: Body) -> dict[str, Any]:
    """One line of the output or the error file."""
    response = {"status_code": row["status"], "request_id": row["request_id"], "body": row["body"]}
    error = None
    if row["status"] != 200:
        refusal = row["body"]["error"]
        error = {"code": refusal["code"], "message": refusal["message"]}
    return {"id": row["batch_id"], "custom_id": row["id"], "response": response, "error": error}


def _unanswered(line: Line) -> dict[str, Any]:
    error = {"code": "batch_expired", "message": "The batch expired before this request was answered."}
    name = f"batch_req_{uuid.uuid4().hex[:24]}"
    return {"id": name, "custom_id": line.custom_id, "response": None, "error": error}
