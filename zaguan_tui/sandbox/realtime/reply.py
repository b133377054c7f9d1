"""One response of a realtime session: text, speech or tool calls, at the model's pace."""

from __future__ import annotations

import asyncio
import base64
import uuid
from collections.abc import Mapping
from typing import Any

from zaguan_tui.sandbox.calls.chat_turn import OPENAI, ChatTurn
from zaguan_tui.sandbox.engine.chat.wire import Piece, tokens_of
from zaguan_tui.sandbox.engine.ledger.ledger import LedgerError
from zaguan_tui.sandbox.engine.media.audio import make_pcm
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import GatewayError
from zaguan_tui.sandbox.realtime.conversation import Conversation, Item
from zaguan_tui.sandbox.realtime.wire import EventSender


class Reply:
    """Runs as a task of its own; `cancel` ends it after the piece under way."""

    def __init__(
        self, gateway: Gateway, wire: EventSender, conversation: Conversation, settings: Mapping[str, Any]
    ) -> None:
        self.id = f"resp_{uuid.uuid4().hex[:20]}"
        self._gateway = gateway
        self._wire = wire
        self._conversation = conversation
        self._settings = settings
        self._cancelled = False
        self._output: list[Item] = []
        self._spoken = "audio" in settings["output_modalities"]
        self._turn: ChatTurn | None = None
        self._sent_tokens = 0

    def cancel(self) -> None:
        """Stop soon."""
        self._cancelled = True

    async def run(self) -> None:
        """Generate and send it. ``response.done`` comes in every case, unless the client has disconnected."""
        await self._wire.send("response.created", response=self._body("in_progress", None))
        await self._wire.send("rate_limits.updated", rate_limits=self._limits())
        try:
            status, details = await self._answer()
        except GatewayError as error:
            problem = {"type": error.type, "code": error.code, "message": error.message}
            status, details = "failed", {"type": "failed", "error": problem}
        except LedgerError as error:
            problem = {"type": "server_error", "code": "ledger_unavailable", "message": str(error)}
            status, details = "failed", {"type": "failed", "error": problem}
        except asyncio.CancelledError:
            if self._turn is not None:
                self._turn.call.settle_abandoned(
                    tokens_of(self._turn.answer, self._sent_tokens), self._turn.answer.id
                )
            raise
        await self._wire.send("response.done", response=self._body(status, details))

    async def _answer(self) -> tuple[str, dict[str, Any] | None]:
        turn = ChatTurn(self._gateway, OPENAI, self._request(), f"req_{uuid.uuid4().hex}")
        await turn.start()
        self._turn = turn
        choice = turn.answer.whole()["choices"][0]
        calls = choice["message"].get("tool_calls") or []
        gap = self._gateway.clock.real(1 / turn.call_plan.tokens_per_s)
        if calls:
            for number, call in enumerate(calls):
                await self._call(call, [piece for piece in turn.answer.pieces if piece.call == number], gap)
        else:
            await self._send_message([piece for piece in turn.answer.pieces if piece.kind == "text"], gap)
        await turn.call.settle_delivered(tokens_of(turn.answer, self._sent_tokens), turn.answer.id)
        if self._cancelled:
            return "cancelled", {"type": "cancelled", "reason": "client_cancelled"}
        if choice["finish_reason"] == "length":
            return "incomplete", {"type": "incomplete", "reason": "max_output_tokens"}
        return "completed", None

    async def _send_message(self, pieces: list[Piece], gap: float) -> None:
        kind = "audio" if self._spoken else "text"
        words = "transcript" if self._spoken else "text"
        item: Item = {
            "id": f"item_{uuid.uuid4().hex[:20]}",
            "object": "realtime.item",
            "type": "message",
            "status": "in_progress",
            "role": "assistant",
            "content": [],
        }
        at = await self._open(item)
        where = {"response_id": self.id, "item_id": item["id"], "output_index": at, "content_index": 0}
        await self._wire.send("response.content_part.added", part={"type": kind, words: ""}, **where)
        text_, name = "", "output_audio_transcript" if self._spoken else "output_text"
        for piece in pieces:
            if self._cancelled:
                break
            text_ += piece.text
            self._sent_tokens += 1
            await self._wire.send(f"response.{name}.delta", delta=piece.text, **where)
            if self._spoken:
                sound = base64.b64encode(make_pcm(piece.text, str(self._settings["voice"]))).decode()
                await self._wire.send("response.output_audio.delta", delta=sound, **where)
            await asyncio.sleep(gap)
        if self._spoken:
            await self._wire.send("response.output_audio.done", **where)
        await self._wire.send(f"response.{name}.done", **{words: text_}, **where)
        await self._wire.send("response.content_part.done", part={"type": kind, words: text_}, **where)
        item["content"] = [{"type": f"output_{kind}", words: text_}]
        await self._close(item, at)

    async def _call(self, call: Mapping[str, Any], pieces: list[Piece], gap: float) -> None:
        item: Item = {
            "id": f"item_{uuid.uuid4().hex[:20]}",
            "object": "realtime.item",
            "type": "function_call",
            "status": "in_progress",
            "call_id": call["id"],
            "name": call["function"]["name"],
            "arguments": "",
        }
        at = await self._open(item)
        where = {"response_id": self.id, "item_id": item["id"], "output_index": at, "call_id": call["id"]}
        for piece in pieces:
            if self._cancelled:
                break
            item["arguments"] += piece.text
            self._sent_tokens += 1
            await self._wire.send("response.function_call_arguments.delta", delta=piece.text, **where)
            await asyncio.sleep(gap)
        done = {"name": item["name"], "arguments": item["arguments"], **where}
        await self._wire.send("response.function_call_arguments.done", **done)
        await self._close(item, at)

    async def _open(self, item: Item) -> int:
        place = len(self._output)
        self._output.append(item)
        head = {"response_id": self.id, "output_index": place}
        await self._wire.send("response.output_item.added", item=item, **head)
        before = self._conversation.add(item)
        await self._wire.send("conversation.item.added", previous_item_id=before, item=item)
        return place

    async def _close(self, item: Item, place: int) -> None:
        item["status"] = "incomplete" if self._cancelled else "completed"
        await self._wire.send("response.output_item.done", response_id=self.id, output_index=place, item=item)
        items = self._conversation.items
        at = next((index for index, row in enumerate(items) if row is item), 0)
        before = items[at - 1]["id"] if at else None
        await self._wire.send("conversation.item.done", previous_item_id=before, item=item)

    def _request(self) -> dict[str, Any]:
        settings = self._settings
        longest = settings["max_output_tokens"]
        tools = [
            {"type": "function", "function": {key: tool[key] for key in tool if key != "type"}}
            for tool in settings["tools"]
        ]
        options: dict[str, Any] = {
            "max_completion_tokens": longest if isinstance(longest, int) else None,
            "tools": tools or None,
            "tool_choice": settings["tool_choice"] if tools else None,
        }
        set_options = {name: value for name, value in options.items() if value is not None}
        messages = self._conversation.messages(settings["instructions"])
        return {"model": settings["model"], "messages": messages, **set_options}

    def _limits(self) -> list[dict[str, Any]]:
        now = asyncio.get_running_loop().time()
        rows = (("requests", self._gateway.requests_left), ("tokens", self._gateway.tokens_left))
        return [
            {
                "name": name,
                "limit": allowance.limit,
                "remaining": allowance.remaining(now),
                "reset_seconds": round(allowance.reset_s(now), 3),
            }
            for name, allowance in rows
        ]

    def _body(self, status: str, details: dict[str, Any] | None) -> dict[str, Any]:
        return {
            "id": self.id,
            "object": "realtime.response",
            "status": status,
            "status_details": details,
            "output": self._output,
            "conversation_id": self._conversation.id,
            "output_modalities": self._settings["output_modalities"],
            "max_output_tokens": self._settings["max_output_tokens"],
            "metadata": self._settings.get("metadata"),
            "usage": None if status == "in_progress" else self._usage(),
        }

    def _usage(self) -> dict[str, Any]:
        prompt = 0 if self._turn is None else self._turn.answer.brief.prompt
        audio_tokens = self._sent_tokens if self._spoken else 0
        return {
            "total_tokens": prompt + self._sent_tokens,
            "input_tokens": prompt,
            "output_tokens": self._sent_tokens,
            "input_token_details": {"text_tokens": prompt, "audio_tokens": 0, "cached_tokens": 0},
            "output_token_details": {
                "text_tokens": self._sent_tokens - audio_tokens,
                "audio_tokens": audio_tokens,
            },
        }
