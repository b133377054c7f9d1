"""Virtual models and the admin calls over a real socket."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from client_doubles import KEY
from scripted import SILENT_CLOSE, Step

from zaguan_tui.client import (
    APIError,
    ArgumentError,
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    RequestOptions,
    ResponseFormatError,
    TransportError,
)

FIXTURES = Path(__file__).parent.parent / "fixtures"
ADMIN_KEY = "zk-admin-key/with+signs=0002"


def load(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text())


async def test_virtual_models_are_listed_and_shown(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(
        Step(body=load("virtual_models/list.json")), Step(body=load("virtual_models/get_wrapped.json"))
    )
    client = connect(server)
    listed = await client.list_virtual_models()
    assert listed.data
    shown = await client.get_virtual_model("acme/fast 1")
    assert shown.data.id
    assert shown.response.status == 200
    assert [seen.target for seen in server.seen] == [
        "/v1/virtual-models",
        "/v1/virtual-models/acme/fast%201",
    ]


async def test_acts_use_the_admin_key_and_an_empty_body(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(
        Step(body=load("admin/reload.json")),
        Step(body=load("admin/enable.json")),
        Step(body=load("admin/disable.json")),
    )
    client = connect(server, admin_key=ADMIN_KEY)
    reloaded = await client.reload_config()
    assert (reloaded.accepted, reloaded.status) == (True, "reloaded")
    enabled = await client.enable_provider("cohere")
    assert (enabled.enabled, enabled.provider) == (True, "cohere")
    disabled = await client.disable_provider("a/b", reason="maintenance")
    assert disabled.enabled is False
    assert [(seen.method, seen.target, seen.body) for seen in server.seen] == [
        ("POST", "/v1/admin/reload", b""),
        ("POST", "/v1/admin/providers/cohere/enable", b""),
        ("POST", "/v1/admin/providers/a%2Fb/disable", b'{"reason":"maintenance"}'),
    ]
    assert {seen.headers["authorization"] for seen in server.seen} == {f"Bearer {ADMIN_KEY}"}
    assert "content-type" not in server.seen[0].headers


async def test_without_an_admin_key_the_main_key_is_used(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(204))
    assert (await connect(server).reload_config()).accepted
    assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("case", load("admin/variants.json")["cases"])
async def test_every_way_to_say_yes(serve, connect, case) -> None:  # type: ignore[no-untyped-def]
    body = case["text"] if "text" in case else ("" if case["body"] is None else case["body"])
    kind = "text/plain" if "text" in case else "application/json"
    server = await serve(Step(case["status"], body, content_type=kind))
    answer = await connect(server).disable_provider("groq")
    assert answer.accepted
    assert answer.pending is (case["status"] == 202)
    assert (await connect(server).reload_config()).accepted


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (Step(403, load("admin/forbidden.json")), PermissionDeniedError),
        (Step(404, load("admin/unknown_provider.json")), NotFoundError),
        (Step(422, load("admin/reload_invalid.json")), InvalidRequestError),
        (Step(409, {"error": {"code": "reload_in_progress", "message": "busy"}}), ConflictError),
        (Step(429, {"error": {"message": "slow down"}}, {"retry-after": "1"}), APIError),
        (Step(503, {"error": {"message": "down"}}, {"x-should-retry": "true"}), APIError),
        (Step(200, {"success": False, "message": "no"}), APIError),
        (Step(200, "all is well, more or less", content_type="text/plain"), ResponseFormatError),
        (SILENT_CLOSE, TransportError),
    ],
)
async def test_an_act_is_tried_exactly_once(serve, connect, step, kind) -> None:  # type: ignore[no-untyped-def]
    server = await serve(step)
    with pytest.raises(kind):
        await connect(server).enable_provider("groq", options=RequestOptions(max_retries=5))
    assert len(server.seen) == 1


async def test_a_closed_port_is_tried_once(connect, notebook, fast) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(TransportError):
        await connect("http://127.0.0.1:9").reload_config()
    assert notebook.names == ["AttemptStarted", "AttemptFailed"]
    assert fast.waits == []


async def test_a_blank_provider_or_reason_is_refused(connect) -> None:  # type: ignore[no-untyped-def]
    client = connect("http://127.0.0.1:9")
    for call in (client.enable_provider(".."), client.disable_provider("groq", reason=" ")):
        with pytest.raises(ArgumentError):
            await call
