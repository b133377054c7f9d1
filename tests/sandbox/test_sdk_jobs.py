"""The official SDKs against the sandbox: files, batches, message batches and fine-tuning to the end."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from served_gateway import KEY, Serve

QUICK = 3000.0


async def test_openai_files_and_batches(serve: Serve) -> None:
    openai = pytest.importorskip("openai", reason="the official OpenAI SDK is not installed")
    sandbox = await serve(time_scale=QUICK)
    body = {"model": "sandbox/echo", "messages": [{"role": "user", "content": "say: hi"}]}
    row = {"custom_id": "one", "method": "POST", "url": "/v1/chat/completions", "body": body}
    async with openai.AsyncOpenAI(base_url=f"{sandbox.base_url}/v1", api_key=KEY) as sdk:
        file = await sdk.files.create(file=("in.jsonl", json.dumps(row).encode()), purpose="batch")
        batch = await sdk.batches.create(
            input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
        )
        for _ in range(200):
            batch = await sdk.batches.retrieve(batch.id)
            if batch.status in ("completed", "failed"):
                break
            await asyncio.sleep(0.02)
        assert batch.request_counts.completed == 1
        content = await sdk.files.content(batch.output_file_id)
        assert json.loads(content.text)["custom_id"] == "one"
        assert [item.id async for item in sdk.batches.list()] == [batch.id]
        assert (await sdk.files.delete(file.id)).deleted
        assert file.id not in [item.id async for item in sdk.files.list()]


async def test_anthropic_message_batches(serve: Serve) -> None:
    anthropic = pytest.importorskip("anthropic", reason="the official Anthropic SDK is not installed")
    sandbox = await serve(time_scale=QUICK)
    params: Any = {"model": "sandbox/echo", "max_tokens": 20}
    params["messages"] = [{"role": "user", "content": "say: hi"}]
    async with anthropic.AsyncAnthropic(base_url=sandbox.base_url, api_key=KEY) as sdk:
        batch = await sdk.messages.batches.create(requests=[{"custom_id": "one", "params": params}])
        for _ in range(200):
            batch = await sdk.messages.batches.retrieve(batch.id)
            if batch.processing_status == "ended":
                break
            await asyncio.sleep(0.02)
        results = [item async for item in await sdk.messages.batches.results(batch.id)]
        assert results[0].result.type == "succeeded"
        assert [item.id async for item in sdk.messages.batches.list()] == [batch.id]
