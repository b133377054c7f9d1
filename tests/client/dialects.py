"""The disagreements between the servers' dialects, D1 to D83, by name, and what shows the rule for each."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from client_doubles import KEY, FastTime
from scripted import ScriptedServer, Seen, Step

from zaguan_tui.client import ZaguanClient

FIXTURES = Path(__file__).parent.parent / "fixtures"
Check = Callable[[], Awaitable[None]] | Callable[[], None]

CHECKS: dict[str, Check] = {}
ASK: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}

SUBJECTS = dict(
    line.split(" ", 1)
    for line in """\
D1 capabilities answer
D2 audio flags
D3 capability extras
D4 capability filters
D5 balance fields
D6 reset_date
D7 number types of credits
D8 history total
D9 history paging
D10 history filters
D11 history row
D12 history status
D13 stats answer
D14 stats key for credits
D15 stats group_by
D16 stats period
D17 tiers and bands
D18 error details
D19 what marks the special errors
D20 retry_after
D21 numeric or non-object error
D22 non-JSON 200
D23 X-Request-Id
D24 anthropic-version
D25 auth on /v1/messages
D26 User-Agent
D27 base URL
D28 Content-Type on GET
D29 extra_body
D30 reasoning_effort
D31 verbosity
D32 chat thinking
D33 thinking budget
D34 top_k
D35 stop
D36 chat metadata
D37 roles
D38 null content
D39 n, seed, logit_bias, penalties, user
D40 stream usage
D41 tool-call deltas
D42 error frames in streams
D43 chat stream end
D44 data: without space
D45 messages stream end
D46 event name vs data.type
D47 message_delta
D48 messages system
D49 messages tools
D50 message batch list
D51 message batch results
D52 archived_at, cancel_initiated_at
D53 OpenAI batches
D54 batch endpoints
D55 request_counts
D56 zero vs missing times
D57 embeddings input
D58 embeddings usage
D59 embedding format
D60 embeddings extension
D61 timestamp_granularities
D62 text transcripts
D63 multipart
D64 voices, audio formats
D65 image default model
D66 moderation categories
D67 moderation model default
D68 models fields
D69 model ids in paths
D70 query escaping
D71 fine-tuning, assistants, threads, runs
D72 virtual models, status, breakers, admin, realtime, files
D73 timeouts
D74 retries
D75 reasoning text
D76 cancelled / canceled
D77 health
D78 model ids in media calls
D79 caller's extra headers
D80 status and request id on the special errors
D81 chat answer without usage
D82 chunk without id, object, created, model
D83 stream: false""".splitlines()
)


def shows(*rows: str) -> Callable[[Check], Check]:
    """Register a function as what shows the rule of these rows."""

    def register(check: Check) -> Check:
        for row in rows:
            assert row not in CHECKS, f"{row} is shown twice"
            assert row in SUBJECTS
            CHECKS[row] = check
        return check

    return register


def load(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text())


@asynccontextmanager
async def talking(*steps: Step, **options: Any) -> AsyncIterator[tuple[ZaguanClient, ScriptedServer]]:
    """A client and the server it talks to; waits take no time."""
    server = ScriptedServer(steps or (Step(body={}),))
    await server.start()
    client = ZaguanClient(server.base_url, KEY, clock=FastTime().clock(), **options)
    try:
        yield client, server
    finally:
        await client.aclose()
        await server.stop()


async def sent(call: Callable[[ZaguanClient], Awaitable[Any]], answer: Any = None) -> Seen:
    """The request a call makes; what it makes of the answer does not matter here."""
    async with talking(
        answer if isinstance(answer, Step) else Step(body={} if answer is None else answer)
    ) as (
        client,
        server,
    ):
        try:
            await call(client)
        except Exception as error:  # noqa: BLE001 - only the request is looked at
            assert server.seen, error
    return server.seen[0]
