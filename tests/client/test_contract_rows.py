"""Every row of the catalogue over a real socket: what goes out, what comes back, and what an error becomes.

Parametrised from the catalogue itself: a row without a contract in ``rows.py`` fails here.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from client_doubles import KEY, Notebook
from realtime_server import RealtimeServer, follow, transcript
from rows import CONTRACTS, OVER_WEBSOCKET
from scripted import SILENT_CLOSE, Step

from zaguan_tui.client import APIError, AuthenticationError, ErrorKind, TransportError
from zaguan_tui.client.catalogue.declare import (
    CATALOGUE,
    EXTENSIONS,
    CallClass,
    Endpoint,
    list_implemented,
    match,
)
from zaguan_tui.client.client import ZaguanClient
from zaguan_tui.client.realtime.requests import ClientEvent

ADMIN_KEY = "zk-admin-key-0000000002"
ROWS = [*CATALOGUE, *EXTENSIONS]
OVER_HTTP = [(row, name) for row in ROWS if row.method != "WS" for name in row.names]
IDS = [name for _, name in OVER_HTTP]
SECTION_HEADERS = {
    "messages": ("anthropic-version", "2023-06-01"),
    "assistants": ("openai-beta", "assistants=v2"),
    "threads": ("openai-beta", "assistants=v2"),
    "runs": ("openai-beta", "assistants=v2"),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.label)
def test_the_row_is_implemented_and_has_a_contract(row: Endpoint) -> None:
    built = list_implemented(ZaguanClient)
    for name in row.names:
        assert built.get(name) is row, f"the client does not have {name}"
        assert name in CONTRACTS or name in OVER_WEBSOCKET, f"no contract for {name} in rows.py"


def test_there_is_no_contract_for_nothing() -> None:
    known = {name for row in ROWS for name in row.names}
    assert set(CONTRACTS) | OVER_WEBSOCKET == known
    assert len([name for row in CATALOGUE for name in row.names]) == 54


@pytest.mark.parametrize(("row", "name"), OVER_HTTP, ids=IDS)
async def test_what_goes_out_and_what_comes_back(
    serve: Any, connect: Any, notebook: Notebook, row: Endpoint, name: str
) -> None:
    contract = CONTRACTS[name]
    server = await serve(contract.answer)
    value = await contract.make(connect(server, admin_key=ADMIN_KEY))
    assert contract.gives(value)
    (seen,) = server.seen
    assert f"{seen.method} {seen.target}" == contract.sent
    assert match(seen.method, urlsplit(seen.target).path) is row
    assert seen.headers["authorization"] == f"Bearer {ADMIN_KEY if row.admin else KEY}"
    assert len(seen.headers["x-request-id"]) == 36
    assert seen.headers["user-agent"].startswith("zaguan-tui/")
    header, wanted = SECTION_HEADERS.get(row.section, ("anthropic-version", None))
    assert seen.headers.get(header) == wanted
    if contract.body is None:
        assert (seen.body, "content-type" in seen.headers) == (b"", False)
    elif contract.body is ...:
        assert seen.headers["content-type"].startswith("multipart/form-data; boundary=")
    else:
        assert (seen.json, seen.headers["content-type"]) == (contract.body, "application/json")
    assert {event.endpoint for event in notebook.events} == {row.label}


@pytest.mark.parametrize(("row", "name"), OVER_HTTP, ids=IDS)
async def test_what_goes_wrong_and_how_often(serve: Any, connect: Any, row: Endpoint, name: str) -> None:
    server = await serve(
        Step(401, {"error": {"message": f"bad key {KEY}", "code": "invalid_api_key"}}),
        Step(404, "404 page not found\n", content_type="text/plain"),
        SILENT_CLOSE,
    )
    client = connect(server)
    with pytest.raises(AuthenticationError) as refused:
        await CONTRACTS[name].make(client)
    assert (refused.value.endpoint, refused.value.status) == (row.label, 401)
    assert KEY not in str(refused.value)
    with pytest.raises(APIError) as absent:
        await CONTRACTS[name].make(client)
    assert (absent.value.kind, absent.value.endpoint_absent) == (ErrorKind.UNSUPPORTED, True)
    assert len(server.seen) == 2
    with pytest.raises(TransportError) as cut:
        await CONTRACTS[name].make(client)
    assert cut.value.endpoint == row.label
    assert len(server.seen) - 2 == (3 if row.call_class is CallClass.READ else 1)


async def test_realtime_over_a_websocket(connect: Any) -> None:
    server = await RealtimeServer(follow("text_turn")).start()
    try:
        async with connect(server.base_url).realtime(model="openai/gpt-realtime") as session:
            for side, event in transcript("text_turn"):
                if side == "client":
                    await session.send(ClientEvent(event["type"], {"event_id": event.get("event_id")}))
            events = [event async for event in session]
    finally:
        await server.stop()
    assert (events[0].type, events[-1].type) == ("session.created", "response.done")
    assert server.targets == ["/v1/realtime?model=openai%2Fgpt-realtime"]
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
