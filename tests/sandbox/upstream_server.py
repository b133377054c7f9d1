"""A small OpenAI-compatible server, the kind that runs on a laptop; a model's name says how it behaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

USAGE = {
    "prompt_tokens": 11,
    "completion_tokens": 5,
    "prompt_tokens_details": {"cached_tokens": 3},
    "completion_tokens_details": {"reasoning_tokens": 2},
}
_CALL = {"index": 0, "id": "call_7", "function": {"name": "weather", "arguments": '{"city"'}}
DELTAS: dict[str, list[dict[str, Any]]] = {
    "words": [
        {"role": "assistant", "content": ""},
        {"reasoning_content": "Hm, "},
        {"reasoning_content": "well."},
        {"content": "Real "},
        {"content": "words."},
    ],
    "tools": [
        {"tool_calls": [_CALL]},
        {"tool_calls": [{"index": 0, "function": {"arguments": ': "Oslo"}'}}]},
    ],
}


@dataclass
class LocalServer:
    """Where it listens, and what it was asked."""

    base_url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, one connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        body = json.loads(await reader.readexactly(int(lines["content-length"])))
        self.requests.append({"path": head.split()[1], **body})
        self.keys.append(lines.get("authorization", ""))
        try:
            await self._behave(body, head.split()[1], writer)
        finally:
            writer.close()

    async def _behave(self, body: dict[str, Any], path: str, writer: asyncio.StreamWriter) -> None:
        name = body["model"]
        if name.isdigit():
            text = json.dumps({"error": {"message": f"status {name}"}})
            await _send(writer, int(name), "application/json", text)
        elif name == "silent":
            await asyncio.sleep(5)
        elif path.endswith("/embeddings"):
            rows = [{"object": "embedding", "index": 0, "embedding": [0.6, 0.8]}]
            await _send(writer, 200, "application/json", json.dumps({"data": rows, "usage": USAGE}))
        else:
            frames = [{"choices": [{"index": 0, "delta": one}]} for one in DELTAS.get(name, DELTAS["words"])]
            if name in DELTAS:
                finish = "tool_calls" if name == "tools" else "stop"
                frames.append({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
                frames.append({"choices": [], "usage": USAGE})
            text = "".join(f"data: {json.dumps(frame)}\n\n" for frame in frames)
            await _send(writer, 200, "text/event-stream", text + "data: [DONE]\n\n" * (name in DELTAS))


async def _send(writer: asyncio.StreamWriter, status: int, kind: str, text: str) -> None:
    head = f"HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\nretry-after: 3\r\nconnection: close\r\n\r\n"
    writer.write(head.encode() + text.encode())
    await writer.drain()


@asynccontextmanager
async def local_server() -> AsyncIterator[LocalServer]:
    """The server on a port of its own."""
    server = LocalServer()
    listening = await asyncio.start_server(server.answer, "127.0.0.1", 0)
    server.base_url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1"
    async with listening:
        yield server
