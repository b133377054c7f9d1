"""The server the stream benchmark reads from: two dialects, as many chunks as asked for, nothing else."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def chat_frames(count: int) -> list[bytes]:
    """A chat completion of ``count`` text chunks, as OpenAI sends it."""
    head = {"id": "chatcmpl-BzK3plain", "object": "chat.completion.chunk", "created": 1795185000}
    head["model"] = "openai/gpt-4o-mini"

    def frame(delta: dict[str, Any], reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return b"data: " + json.dumps({**head, "choices": [choice]}, separators=(",", ":")).encode() + b"\n\n"

    usage = {"prompt_tokens": 9, "completion_tokens": count, "total_tokens": 9 + count}
    last = b"data: " + json.dumps({**head, "choices": [], "usage": usage}).encode() + b"\n\n"
    texts = [frame({"content": f" word{i % 97}"}) for i in range(count)]
    return [frame({"role": "assistant", "content": ""}), *texts, frame({}, "stop"), last, b"data: [DONE]\n\n"]


def messages_frames(count: int) -> list[bytes]:
    """An Anthropic message of ``count`` text deltas."""

    def frame(kind: str, **fields: Any) -> bytes:
        data = json.dumps({"type": kind, **fields}, separators=(",", ":"))
        return f"event: {kind}\ndata: {data}\n\n".encode()

    message = {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-3-5-sonnet", "content": [],
        "stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": 9, "output_tokens": 1},
    }  # fmt: skip
    end = {"stop_reason": "end_turn", "stop_sequence": None}
    return [
        frame("message_start", message=message),
        frame("content_block_start", index=0, content_block={"type": "text", "text": ""}),
        *(
            frame("content_block_delta", index=0, delta={"type": "text_delta", "text": f" word{i % 97}"})
            for i in range(count)
        ),
        frame("content_block_stop", index=0),
        frame("message_delta", delta=end, usage={"output_tokens": count}),
        frame("message_stop"),
    ]


async def serve(count: int) -> None:
    """Answer every POST with a stream of ``count`` chunks, one HTTP chunk per frame, as real servers do."""
    bodies = {b"/chat/completions": chat_frames(count), b"/messages": messages_frames(count)}
    packed = {path: [b"%x\r\n%s\r\n" % (len(f), f) for f in frames] for path, frames in bodies.items()}

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    int(line.split(b":")[1])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length")
                )
                await reader.readexactly(length)
                path = head.split(b" ", 2)[1]
                writer.write(HEAD)
                for chunk in next(chunks for end, chunks in packed.items() if path.endswith(end)):
                    writer.write(chunk)
                    await writer.drain()
                writer.write(b"0\r\n\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


class Server:
    """The benchmark server in a process of its own, answering with streams of ``count`` chunks."""

    def __init__(self, count: int) -> None:
        command = [sys.executable, str(Path(__file__)), str(count)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> str:
        assert self._process.stdout is not None
        return f"http://127.0.0.1:{int(self._process.stdout.readline())}"

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
