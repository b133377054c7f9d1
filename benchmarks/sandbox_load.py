"""The sandbox under load: mixed calls at once, a kill -9 in the middle, the books afterwards, and streams.

    python benchmarks/sandbox_load.py [--calls 1000] [--streams 500]

A sandbox with a ledger on disk gets the calls: chat whole and streamed, virtual models, messages, embeddings,
moderations, refusals. When a third of them are answered it is killed with SIGKILL and started again on the
same file; then all calls go out once more under new names. The stats of the period must equal the balance,
before and after, and the rows of the history must add up to the stats; every answered call has one row.
Last, so many streams are opened at once. The exit code is 1 when anything is lost, doubled or failed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from zaguan_tui.sandbox.embedded import Address, EmbeddedSandbox

ASK = [{"role": "user", "content": "Tell me about circuit breakers."}]
CHAT: dict[str, Any] = {"model": "openai/gpt-4o-mini", "messages": ASK, "max_tokens": 30}
CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/v1/chat/completions", CHAT),
    ("/v1/chat/completions", {**CHAT, "stream": True}),
    ("/v1/chat/completions", {**CHAT, "model": "support-bot"}),
    ("/v1/messages", {**CHAT, "model": "anthropic/claude-haiku-4-5"}),
    ("/v1/embeddings", {"model": "openai/text-embedding-3-small", "input": "hello there"}),
    ("/v1/moderations", {"input": "hello there"}),
    ("/v1/chat/completions", {**CHAT, "max_tokens": -1}),
)
WORLD_START = "2026-11-20T09:00:00Z"


@dataclass
class Books:
    """What the callers know and what the sandbox says."""

    answered: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    ids: list[str] = field(default_factory=list)
    sums: list[tuple[str, float, float]] = field(default_factory=list)
    """Pairs that must be equal, with what they are."""
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    def faults(self) -> list[str]:
        """What is wrong, one sentence each."""
        lost = len(self.answered - set(self.ids))
        doubled = len(self.ids) - len(set(self.ids))
        found = [f"{what}: {one} is not {other}" for what, one, other in self.sums if one != other]
        found += [f"{lost} answered calls left no row"] if lost else []
        found += [f"{doubled} calls were debited twice"] if doubled else []
        return found + [f"{self.statuses[500]} answers were a 500"] * (self.statuses[500] > 0)


def client(address: Address) -> httpx.AsyncClient:
    """A client with the sandbox's key and room for many connections."""
    headers = {"Authorization": f"Bearer {address.api_key}"}
    limits = httpx.Limits(max_connections=None)
    return httpx.AsyncClient(
        base_url=address.base_url, headers=headers, limits=limits, timeout=60, trust_env=False
    )


async def send(http: httpx.AsyncClient, books: Books, name: str, count: int) -> None:
    """All calls at once; what a dead sandbox leaves unanswered was never promised."""

    async def one(number: int) -> None:
        path, body = CALLS[number % len(CALLS)]
        label = f"{name}-{number}"
        try:
            answer = await http.post(path, json=body, headers={"x-request-id": label})
        except httpx.HTTPError:
            return
        books.statuses[answer.status_code] += 1
        if answer.status_code == 200:
            books.answered.add(label)
        async with books.news:
            books.news.notify_all()

    await asyncio.gather(*(one(number) for number in range(count)))


async def kill(sandbox: EmbeddedSandbox, pid: int, books: Books, after: int) -> None:
    """SIGKILL once so many calls are answered."""
    async with books.news:
        await books.news.wait_for(lambda: books.statuses.total() >= after)
    os.kill(pid, signal.SIGKILL)
    await asyncio.to_thread(sandbox.stop)


async def balance_the_books(http: httpx.AsyncClient, books: Books, when: str, *, rows: bool) -> None:
    """Compare the sums in a moment in which the background traffic debits nothing. Raises `TimeoutError`."""

    async def get(path: str, **query: Any) -> Any:
        answer = await http.get(f"/v1/credits/{path}", params=query)
        return answer.raise_for_status().json()

    period = (await get("balance"))["metadata"]["period_start"]
    async with asyncio.timeout(60):
        while True:
            stats = await get("stats", start_date=period)
            today = await get("stats", start_date=WORLD_START)
            balance = await get("balance")
            entries: list[dict[str, Any]] = []
            query: dict[str, Any] = {"start_date": WORLD_START, "limit": 1000}
            while rows:
                page = await get("history", **query)
                entries += page["entries"]
                if not page["next_cursor"]:
                    break
                query["cursor"] = page["next_cursor"]
            again = await get("stats", start_date=period)
            if again["total_requests"] == stats["total_requests"]:
                break
    books.sums.append((f"stats and balance {when}", stats["total_credits_used"], balance["credits_used"]))
    if rows:
        total = sum(row["credits_debited"] for row in entries)
        books.sums.append((f"history and stats {when}", total, today["total_credits_used"]))
        ours = ("first-", "second-")
        books.ids = [row["request_id"] for row in entries if row["request_id"].startswith(ours)]


async def mixed_calls(count: int, db: Path) -> Books:
    """The calls, the kill, the calls again, the books."""
    books = Books()
    sandbox = EmbeddedSandbox(db=db, time_scale=5.0, start_at=WORLD_START)
    async with sandbox:
        address = await sandbox.ready()
        async with client(address) as http:
            await balance_the_books(http, books, "before", rows=False)
            killer = asyncio.create_task(kill(sandbox, address.pid, books, count // 3))
            await send(http, books, "first", count)
            await killer
        sandbox.spawn()
        async with client(await sandbox.ready()) as http:
            await send(http, books, "second", count)
            await balance_the_books(http, books, "after", rows=True)
    return books


async def many_streams(count: int) -> tuple[list[str], float, float]:
    """What went wrong, the seconds for all, and the median seconds to the first byte."""
    errors: list[str] = []
    firsts: list[float] = []
    async with EmbeddedSandbox() as sandbox, client(await sandbox.ready()) as http:

        async def one(number: int) -> None:
            began = time.perf_counter()
            body = {**CHAT, "model": "sandbox/echo", "max_tokens": 120, "stream": True}
            body["messages"] = [{"role": "user", "content": f"stream {number} " + "and on " * 50}]
            last = b""
            try:
                async with http.stream("POST", "/v1/chat/completions", json=body) as answer:
                    async for chunk in answer.aiter_raw():
                        if not last:
                            firsts.append(time.perf_counter() - began)
                        last = chunk
            except httpx.HTTPError as error:
                errors.append(repr(error))
                return
            if not last.endswith(b"data: [DONE]\n\n"):
                errors.append(f"stream {number} has no end ({answer.status_code})")

        began = time.perf_counter()
        await asyncio.gather(*(one(number) for number in range(count)))
        return errors, time.perf_counter() - began, statistics.median(firsts or [0.0])


async def main() -> int:
    """Run both parts and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--streams", type=int, default=500)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        began = time.perf_counter()
        books = await mixed_calls(args.calls, Path(place) / "ledger.db")
        took = time.perf_counter() - began
    statuses = ", ".join(f"{count} × {status}" for status, count in sorted(books.statuses.items()))
    print(f"2 x {args.calls} mixed calls at once, a kill -9 between: {took:.1f} s; {statuses}")
    print(f"answered with 200: {len(books.answered)}; rows: {len(books.ids)}")
    for what, one, other in books.sums:
        print(f"{what}: {one} = {other}" if one == other else f"{what}: {one}, {other}")
    errors, seconds, first = await many_streams(args.streams)
    print(f"{args.streams} streams at once: {len(errors)} errors, {seconds:.1f} s, first byte {first:.2f} s")
    faults = books.faults() + errors[:5]
    print("\n".join(faults) if faults else "nothing lost, nothing doubled, nothing failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
