"""What is expected of the sample payloads holds whole, byte by byte over a real socket, and for every cut."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rows import CONTRACTS
from scripted import Step
from stream_fakes import decode

from zaguan_tui.client import APIError, RequestOptions, ResponseFormatError, ZaguanClient

FIXTURES = Path(__file__).parent.parent / "fixtures"
ERRORS = json.loads((FIXTURES / "errors" / "cases.json").read_text())["cases"]
STREAMS = json.loads((FIXTURES / "sse" / "cases.json").read_text())["cases"]
TOLD = ("kind", "status", "type", "code", "param", "message", "request_id", "retry_after", "details", "raw")
CALLS = {
    "capabilities/*.json": "get_capabilities",
    "credits/balance*.json": "get_credits_balance",
    "credits/history*.json": "get_credits_history",
    "credits/stats*.json": "get_credits_stats",
    "providers/*.json": "get_provider_status",
    "circuit_breaker/*.json": "get_circuit_breaker_status",
}
"""The payloads that an ``expected.json`` speaks of, and the calls they answer."""
EXPECTED = [
    (str(path.relative_to(FIXTURES)), call)
    for pattern, call in CALLS.items()
    for path in sorted(FIXTURES.glob(pattern))
    if path.name != "expected.json"
]


def test_every_expectation_is_met_here() -> None:
    folders = {path.parent.name for path in FIXTURES.glob("*/expected.json")}
    assert folders == {name.partition("/")[0] for name, _ in EXPECTED}


@pytest.mark.parametrize("chunk", [1, 7])
@pytest.mark.parametrize(("name", "call"), EXPECTED)
async def test_a_value_is_the_same_in_pieces(
    serve: Any, connect: Any, name: str, call: str, chunk: int
) -> None:
    body = (FIXTURES / name).read_bytes()
    client = connect(await serve(Step(body=body), Step(body=body, chunk=chunk)))
    whole, split = [await CONTRACTS[call].make(client) for _ in range(2)]
    assert split == whole
    assert (split.raw, split.notes, split.dialect) == (whole.raw, whole.notes, whole.dialect)


async def told(client: ZaguanClient) -> dict[str, Any]:
    """Everything the error says."""
    try:
        await client.get_model("a/b", options=RequestOptions(max_retries=0))
    except APIError as error:
        return {"class": type(error), **{name: getattr(error, name) for name in TOLD}}
    except ResponseFormatError as error:
        return {"class": type(error), "path": error.path, "found": error.received}
    raise AssertionError("was to fail")


@pytest.mark.parametrize("chunk", [1])
@pytest.mark.parametrize("case", ERRORS, ids=lambda case: case["file"])
async def test_an_error_is_the_same_in_pieces(
    serve: Any, connect: Any, case: dict[str, Any], chunk: int
) -> None:
    body = (FIXTURES / "errors" / case["file"]).read_bytes()
    headers = {"x-request-id": "r-1", **case["headers"]}
    kind = headers.pop("content-type", "application/json")
    steps = [Step(case["status"], body, headers, content_type=kind, chunk=size) for size in (0, chunk)]
    client = connect(await serve(*steps))
    whole, split = await told(client), await told(client)
    assert split == whole
    assert case["expect"].get("kind", whole.get("kind")) == whole.get("kind")


@pytest.mark.parametrize("case", STREAMS, ids=lambda case: case["file"])
def test_a_stream_is_the_same_for_every_cut(case: dict[str, Any]) -> None:
    body = (FIXTURES / "sse" / case["file"]).read_bytes()
    merger, reader, events = decode([body])
    for place in range(1, len(body)):
        cut_merger, cut_reader, cut_events = decode([body[:place], body[place:]])
        assert cut_events == events
        assert cut_merger.drift.notes == merger.drift.notes
        assert (cut_reader.failure, cut_reader.end_marker) == (reader.failure, reader.end_marker)
