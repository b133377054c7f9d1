"""CPU seconds per 10,000 streamed chunks: this client beside raw httpx, httpx-sse and the official SDKs.

    python benchmarks/streams.py [--chunks 10000] [--rounds 5] [--dialect chat|messages|all]

Every reader gets the same bytes from the same server in the same run, in turns; only the CPU time of this
process counts, the server lives in a child process. The figure to compare is the ratio to raw httpx with
json. Readers whose package is not installed are left out with a sentence. First, in fresh processes, what
the first stream costs, with its imports, its certificates and its connection.

What is left of our cost per 10,000 chat chunks, about 0.22 CPU-s where raw httpx with json takes 0.17: some
0.14 for httpx, h11 and the sockets, 0.05 for json.loads, 0.03 for events, merging and timing.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import importlib.util
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

from stream_server import Server

Reader = Callable[[str, int], Awaitable[int]]
"""Reads one stream from a base URL and returns how many pieces of text it saw."""
BODY = {"model": "openai/gpt-4o-mini", "messages": [{"role": "user", "content": "hi"}], "stream": True}
MESSAGES_BODY = {**BODY, "model": "claude-3-5-sonnet", "max_tokens": 1_000_000}


async def raw_chat(base: str, _: int) -> int:
    """httpx's own lines and json.loads: the floor that anyone stands on who uses httpx."""
    import httpx

    seen = 0
    async with (
        httpx.AsyncClient() as client,
        client.stream("POST", f"{base}/v1/chat/completions", json=BODY) as response,
    ):
        async for line in response.aiter_lines():
            if line.startswith("data: ") and line != "data: [DONE]":
                choices = json.loads(line[6:])["choices"]
                seen += bool(choices and choices[0]["delta"].get("content"))
    return seen


async def raw_messages(base: str, _: int) -> int:
    """The same for the Anthropic dialect."""
    import httpx

    seen = 0
    async with (
        httpx.AsyncClient() as client,
        client.stream("POST", f"{base}/v1/messages", json=MESSAGES_BODY) as response,
    ):
        async for line in response.aiter_lines():
            if line.startswith("data: "):
                seen += json.loads(line[6:])["type"] == "content_block_delta"
    return seen


async def ours_chat(base: str, _: int) -> int:
    """This client, with merging, timings and endings."""
    from zaguan_tui.client import ZaguanClient
    from zaguan_tui.client.streaming.chat import Ending, TextDelta

    seen = 0
    async with ZaguanClient(base_url=base, api_key="bench") as client:
        async with client.chat_stream(model=BODY["model"], messages=BODY["messages"]) as stream:
            async for event in stream:
                seen += type(event) is TextDelta
        result = stream.result()
    assert result.ending is Ending.FINISHED, result.ending
    assert result.usage is not None
    assert result.text.count(" word") == result.usage.completion_tokens
    return seen


async def ours_batches(base: str, _: int) -> int:
    """This client, read in batches: one list of events per network read."""
    from zaguan_tui.client import ZaguanClient
    from zaguan_tui.client.streaming.chat import TextDelta

    seen = 0
    async with (
        ZaguanClient(base_url=base, api_key="bench") as client,
        client.chat_stream(model=BODY["model"], messages=BODY["messages"]) as stream,
    ):
        async for events in stream.batches():
            seen += sum(type(event) is TextDelta for event in events)
    return seen


async def ours_messages(base: str, _: int) -> int:
    """This client's messages stream, with merging, timings and endings."""
    from zaguan_tui.client import ZaguanClient
    from zaguan_tui.client.streaming.chat import Ending, TextDelta

    seen = 0
    ask = {name: MESSAGES_BODY[name] for name in ("model", "messages", "max_tokens")}
    async with ZaguanClient(base_url=base, api_key="bench") as client:
        async with client.messages_stream(**ask) as stream:
            async for event in stream:
                seen += type(event) is TextDelta
        result = stream.result()
    assert result.ending is Ending.FINISHED, result.ending
    assert result.usage is not None
    assert result.text.count(" word") == result.usage.completion_tokens
    return seen


async def sse_chat(base: str, _: int) -> int:
    """httpx-sse and json.loads."""
    import httpx
    from httpx_sse import aconnect_sse

    seen = 0
    url = f"{base}/v1/chat/completions"
    async with httpx.AsyncClient() as client, aconnect_sse(client, "POST", url, json=BODY) as source:
        async for event in source.aiter_sse():
            if event.data != "[DONE]":
                choices = json.loads(event.data)["choices"]
                seen += bool(choices and choices[0]["delta"].get("content"))
    return seen


async def sse_messages(base: str, _: int) -> int:
    """The same for the Anthropic dialect."""
    import httpx
    from httpx_sse import aconnect_sse

    seen = 0
    url = f"{base}/v1/messages"
    async with (
        httpx.AsyncClient() as client,
        aconnect_sse(client, "POST", url, json=MESSAGES_BODY) as source,
    ):
        async for event in source.aiter_sse():
            seen += json.loads(event.data)["type"] == "content_block_delta"
    return seen


async def openai_chat(base: str, _: int) -> int:
    """The openai SDK's plain stream, nothing merged."""
    from openai import AsyncOpenAI

    seen = 0
    async with AsyncOpenAI(base_url=f"{base}/v1", api_key="bench") as client:
        async for chunk in await client.chat.completions.create(**BODY):
            seen += bool(chunk.choices and chunk.choices[0].delta.content)
    return seen


async def openai_helper(base: str, _: int) -> int:
    """The openai SDK's stream helper, which merges as we do."""
    from openai import AsyncOpenAI

    seen = 0
    body = {key: value for key, value in BODY.items() if key != "stream"}
    async with (
        AsyncOpenAI(base_url=f"{base}/v1", api_key="bench") as client,
        client.chat.completions.stream(**body) as stream,
    ):
        async for event in stream:
            seen += event.type == "content.delta"
    return seen


async def anthropic_messages(base: str, _: int) -> int:
    """The anthropic SDK's plain stream, nothing merged."""
    from anthropic import AsyncAnthropic

    seen = 0
    async with AsyncAnthropic(base_url=base, api_key="bench") as client:
        async for event in await client.messages.create(**MESSAGES_BODY):
            seen += event.type == "content_block_delta"
    return seen


async def anthropic_helper(base: str, _: int) -> int:
    """The anthropic SDK's stream helper, which merges as we do."""
    from anthropic import AsyncAnthropic

    seen = 0
    body = {key: value for key, value in MESSAGES_BODY.items() if key != "stream"}
    async with (
        AsyncAnthropic(base_url=base, api_key="bench") as client,
        client.messages.stream(**body) as stream,
    ):
        async for event in stream:
            seen += event.type == "text"
    return seen


CHAT: dict[str, tuple[str, Reader]] = {
    "raw httpx + json": ("httpx", raw_chat),
    "zaguan_tui, merged and timed": ("zaguan_tui.client.client", ours_chat),
    "zaguan_tui, in batches": ("zaguan_tui.client.client", ours_batches),
    "httpx-sse + json": ("httpx_sse", sse_chat),
    "openai SDK": ("openai", openai_chat),
    "openai SDK, stream helper": ("openai", openai_helper),
}
MESSAGES: dict[str, tuple[str, Reader]] = {
    "raw httpx + json": ("httpx", raw_messages),
    "zaguan_tui, merged and timed": ("zaguan_tui.client.client", ours_messages),
    "httpx-sse + json": ("httpx_sse", sse_messages),
    "anthropic SDK": ("anthropic", anthropic_messages),
    "anthropic SDK, stream helper": ("anthropic", anthropic_helper),
}


def measure(reader: Reader, base: str, count: int) -> float:
    """CPU seconds of this process for one stream, per 10,000 chunks."""
    gc.collect()
    started = time.process_time()
    seen = asyncio.run(reader(base, count))
    spent = time.process_time() - started
    assert count <= seen <= count + 2, f"saw {seen} of {count} pieces"
    return spent * 10_000 / count


def available(readers: dict[str, tuple[str, Reader]]) -> dict[str, Reader]:
    """The readers whose package is here."""
    found = {}
    for name, (package, reader) in readers.items():
        try:
            here = importlib.util.find_spec(package) is not None
        except ModuleNotFoundError:
            here = False
        if here:
            found[name] = reader
        else:
            print(f"{name} is left out: the package {package} is not installed.")
    return found


def table(title: str, readers: dict[str, Reader], base: str, count: int, rounds: int) -> None:
    """Measure in turns and print medians with their ratios to the first row."""
    for reader in readers.values():
        measure(reader, base, count)
    times: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(rounds):
        for name, reader in readers.items():
            times[name].append(measure(reader, base, count))
    medians = {name: statistics.median(values) for name, values in times.items()}
    floor = next(iter(medians.values()))
    print(f"\n{title}: CPU-s per 10,000 chunks, median of {rounds} rounds of {count:,} chunks")
    for name, median in medians.items():
        low, high = min(times[name]), max(times[name])
        print(f"  {name:<32}{median:7.3f}   × {median / floor:5.2f}   ({low:.3f} to {high:.3f})")


def tell_first(name: str, base: str) -> None:
    """In the fresh process: read one short stream, print what it cost with everything it had to import."""
    reader = next(readers[name][1] for readers in (CHAT, MESSAGES) if name in readers)
    cpu, wall = time.process_time(), time.perf_counter()
    asyncio.run(reader(base, 1))
    print(time.process_time() - cpu, time.perf_counter() - wall)


def first_table(base: str, rounds: int) -> None:
    """What the first stream of a process costs each reader: medians, imports included."""
    print(f"the first stream of a process, one chunk, imports included: median of {rounds} processes")
    for name in available({**MESSAGES, **CHAT}):
        command = [sys.executable, __file__, "--first", name, "--at", base]
        runs = [
            subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
            for _ in range(rounds)
        ]
        cpu, wall = (statistics.median(map(float, column)) for column in zip(*runs, strict=True))
        print(f"  {name:<32}{cpu:7.3f} CPU-s {wall:7.3f} s")


def main() -> None:
    """Start the server, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--chunks", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dialect", choices=["chat", "messages", "all"], default="all")
    parser.add_argument("--first", help=argparse.SUPPRESS)
    parser.add_argument("--at", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.first:
        tell_first(options.first, options.at)
        return
    with Server(1) as base:
        first_table(base, options.rounds)
    with Server(options.chunks) as base:
        if options.dialect in ("chat", "all"):
            table("chat completions", available(CHAT), base, options.chunks, options.rounds)
        if options.dialect in ("messages", "all"):
            table("messages", available(MESSAGES), base, options.chunks, options.rounds)


if __name__ == "__main__":
    main()
