"""States of a run on a thread: queued, in progress, requires action, ended (wire.md 10.4)."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

from zaguan_tui.sandbox.calls.chat_turn import OPENAI, ChatTurn
from zaguan_tui.sandbox.engine.chat.wire import tokens_of
from zaguan_tui.sandbox.engine.ledger.ledger import LedgerError
from zaguan_tui.sandbox.engine.ledger.object_store import Body, ObjectStore, public_fields
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import GatewayError
from zaguan_tui.sandbox.jobs.assistant_fields import functions

ENDED = frozenset({"completed", "incomplete", "failed", "expired", "cancelled"})
EXPIRY_SECONDS = 600
_QUEUED_SECONDS = 0.4
_STEP_TIMES = ("cancelled_at", "completed_at", "expired_at", "failed_at")

Listener = Callable[[str, Body], None]
"""Called with every event: its name and its object."""


def messages_of(thread: str) -> str:
    """The object kind of a thread's messages."""
    return f"messages {thread}"


def new_message(
    gateway: Gateway,
    thread: str,
    *,
    role: str,
    parts: list[dict[str, Any]],
    notes: dict[str, str] | None = None,
    run: Body | None = None,
) -> Body:
    """A message object; one of a run starts in progress."""
    now = int(gateway.clock.now().timestamp())
    return {
        "id": f"msg_{uuid.uuid4().hex[:24]}",
        "object": "thread.message",
        "created_at": now,
        "thread_id": thread,
        "status": "completed" if run is None else "in_progress",
        "incomplete_details": None,
        "completed_at": now if run is None else None,
        "incomplete_at": None,
        "role": role,
        "content": parts,
        "assistant_id": None if run is None else run["assistant_id"],
        "run_id": None if run is None else run["id"],
        "attachments": [],
        "metadata": notes or {},
    }


def active_run(gateway: Gateway, object_store: ObjectStore, thread: str) -> Body | None:
    """The run that has not ended on this thread; those out of time are ended here."""
    for run in object_store.list(f"runs {thread}"):
        expire(gateway, object_store, run)
        if run["status"] not in ENDED:
            return run
    return None


def expire(gateway: Gateway, object_store: ObjectStore, run: Body) -> None:
    """End a run that has waited for its tools until ``expires_at``."""
    now = gateway.clock.now().timestamp()
    if run["status"] == "requires_action" and now >= run["expires_at"]:
        run.update({"status": "expired", "required_action": None})
        for step in object_store.list(f"steps {run['id']}"):
            if step["status"] == "in_progress":
                step.update({"status": "expired", "expired_at": run["expires_at"]})
                object_store.put(f"steps {run['id']}", step)
        object_store.put(f"runs {run['thread_id']}", run)


class RunJob:
    """Works on one run to its end, or until the caller's tools are needed."""

    def __init__(self, gateway: Gateway, object_store: ObjectStore, run: Body, tell: Listener) -> None:
        self._gateway = gateway
        self._object_store = object_store
        self._run = run
        self._tell = tell

    async def run(self) -> None:
        """Ask the model and store its answer. A refusal is never raised: the run fails instead."""
        try:
            await self._work()
        except GatewayError as error:
            kind = {429: "rate_limit_exceeded", 400: "invalid_prompt"}.get(error.status, "server_error")
            self.fail(kind, error.message)
        except LedgerError as error:
            self.fail("server_error", str(error))
        self._tell("done", {})

    async def _work(self) -> None:
        run = self._run
        await asyncio.sleep(self._gateway.clock.real(_QUEUED_SECONDS))
        if self._cancelled():
            return
        run["started_at"] = run["started_at"] or self._now()
        self._enter("in_progress")
        turn = ChatTurn(self._gateway, OPENAI, self._body(), f"req_{uuid.uuid4().hex}")
        await turn.start()
        answer = turn.answer.whole()["choices"][0]
        if answer["message"].get("tool_calls"):
            async with self._gateway.ledger.transaction():  # the debit and the run's usage add up
                await turn.call.settle_delivered(tokens_of(turn.answer), turn.answer.id)
                self._use(turn)
                self._request_tools(answer["message"]["tool_calls"])
        else:
            await self._write_message(turn, answer["finish_reason"])

    async def _write_message(self, turn: ChatTurn, finish: str) -> None:
        run = self._run
        step = self._step("message_creation", {})
        message = new_message(self._gateway, run["thread_id"], role="assistant", parts=[], run=run)
        step["step_details"]["message_creation"] = {"message_id": message["id"]}
        self._tell("thread.run.step.created", step)
        self._tell("thread.run.step.in_progress", step)
        self._tell("thread.message.created", message)
        self._tell("thread.message.in_progress", message)
        text, tokens = "", 0
        gap = self._gateway.clock.real(1 / turn.call_plan.tokens_per_s)
        for piece in turn.answer.pieces:
            if run["status"] == "cancelling":
                break
            tokens += 1
            if piece.kind == "text":
                text += piece.text
                part = {"index": 0, "type": "text", "text": {"value": piece.text}}
                delta = {"object": "thread.message.delta", "delta": {"content": [part]}}
                self._tell("thread.message.delta", {"id": message["id"], **delta})
            await asyncio.sleep(gap)
        async with self._gateway.ledger.transaction():  # the debit and the run's usage add up
            await turn.call.settle_delivered(tokens_of(turn.answer, tokens), turn.answer.id)
            self._use(turn, tokens)
            self._finish(step, message, text, finish)

    def _finish(self, step: Body, message: Body, text: str, finish: str) -> None:
        """Write the finished message, and end step and run."""
        run = self._run
        message["content"] = [{"type": "text", "text": {"value": text, "annotations": []}}]
        whole = run["status"] != "cancelling" and finish != "length"
        reason = {"reason": "run_cancelled" if run["status"] == "cancelling" else "max_tokens"}
        message["status"] = "completed" if whole else "incomplete"
        message["completed_at" if whole else "incomplete_at"] = self._now()
        message["incomplete_details"] = None if whole else reason
        self._object_store.put(messages_of(run["thread_id"]), message)
        self._tell("thread.message.completed" if whole else "thread.message.incomplete", message)
        if not self._cancelled():
            self._close_step(step, "completed")
            if finish == "length":
                run["incomplete_details"] = {"reason": "max_completion_tokens"}
            self._enter("incomplete" if finish == "length" else "completed")

    def _request_tools(self, calls: list[dict[str, Any]]) -> None:
        rows = [{**call, "function": {**call["function"], "output": None}} for call in calls]
        step = self._step("tool_calls", {"tool_calls": rows})
        self._tell("thread.run.step.created", step)
        self._tell("thread.run.step.in_progress", step)
        if self._cancelled():
            return
        action = {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": calls}}
        self._run["required_action"] = action
        self._run["_exchange"].append({"role": "assistant", "content": None, "tool_calls": calls})
        self._enter("requires_action")

    def _body(self) -> dict[str, Any]:
        """The run as a chat request."""
        run = self._run
        texts = [run["instructions"], run["_additional"]]
        system = "\n\n".join(text for text in texts if text)
        messages: list[dict[str, Any]] = [{"role": "system", "content": system}] if system else []
        for message in self._object_store.list(messages_of(run["thread_id"])):
            parts = [_chat_part(part) for part in message["content"]]
            content = parts[0]["text"] if len(parts) == 1 and parts[0]["type"] == "text" else parts
            if content:
                messages.append({"role": message["role"], "content": content})
        last = (run["truncation_strategy"] or {}).get("last_messages")
        if isinstance(last, int) and last > 0:
            messages = messages[:1] * bool(system) + messages[bool(system) :][-last:]
        tools = functions(run["tools"])
        form = run["response_format"]
        options = {
            "temperature": run["temperature"],
            "top_p": run["top_p"],
            "max_completion_tokens": run["max_completion_tokens"],
            "tools": tools or None,
            "tool_choice": run["tool_choice"] if tools and run["tool_choice"] != "auto" else None,
            "parallel_tool_calls": run["parallel_tool_calls"] if tools else None,
            "response_format": form if isinstance(form, dict) else None,
        }
        set_options = {name: value for name, value in options.items() if value is not None}
        return {"model": run["model"], "messages": [*messages, *run["_exchange"]], **set_options}

    def _step(self, kind: str, details: dict[str, Any]) -> Body:
        step: Body = {
            "id": f"step_{uuid.uuid4().hex[:24]}",
            "object": "thread.run.step",
            "created_at": self._now(),
            "run_id": self._run["id"],
            "thread_id": self._run["thread_id"],
            "assistant_id": self._run["assistant_id"],
            "type": kind,
            "status": "in_progress",
            **dict.fromkeys(_STEP_TIMES),
            "last_error": None,
            "step_details": {"type": kind, **details},
            "usage": None,
            "metadata": {},
        }
        self._object_store.put(f"steps {self._run['id']}", step)
        return step

    def _close_step(self, step: Body, status: str) -> None:
        step.update({"status": status, f"{status}_at": self._now(), "usage": self._run["usage"]})
        self._object_store.put(f"steps {self._run['id']}", step)
        self._tell(f"thread.run.step.{status}", step)

    def _close_open_steps(self, status: str) -> None:
        for step in self._object_store.list(f"steps {self._run['id']}"):
            if step["status"] == "in_progress":
                self._close_step(step, status)

    def _use(self, turn: ChatTurn, delivered: int | None = None) -> None:
        tokens = tokens_of(turn.answer, delivered)
        usage = self._run["usage"] or dict.fromkeys(("prompt_tokens", "completion_tokens", "total_tokens"), 0)
        usage["prompt_tokens"] += tokens.prompt
        usage["completion_tokens"] += tokens.completion
        usage["total_tokens"] += tokens.total
        self._run["usage"] = usage

    def _cancelled(self) -> bool:
        """Cancel the run if that was requested; whether it was."""
        if self._run["status"] != "cancelling":
            return False
        self._close_open_steps("cancelled")
        self._enter("cancelled")
        return True

    def fail(self, code: str, message: str) -> None:
        """End the run and its open steps as failed."""
        self._run["last_error"] = {"code": code, "message": message}
        self._close_open_steps("failed")
        self._enter("failed")

    def _enter(self, status: str) -> None:
        self._run["status"] = status
        if f"{status}_at" in self._run:
            self._run[f"{status}_at"] = self._now()
        if status in ENDED:
            self._run["expires_at"] = None
        if self._object_store.get("thread", self._run["thread_id"]) is not None:
            self._object_store.put(f"runs {self._run['thread_id']}", self._run)
        self._tell(f"thread.run.{status}", public_fields(self._run))

    def _now(self) -> int:
        return int(self._gateway.clock.now().timestamp())


def _chat_part(part: dict[str, Any]) -> dict[str, Any]:
    """A thread's part as a chat's."""
    if part["type"] == "text":
        return {"type": "text", "text": part["text"]["value"]}
    return {"type": "image_url", "image_url": part.get("image_url") or {"url": ""}}
