"""WS /v1/realtime: the handshake; what follows is in the package `realtime` (wire.md 7)."""

from __future__ import annotations

from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from zaguan_tui.sandbox.calls.chat_turn import check_account
from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import GatewayError, invalid_request, model_not_found
from zaguan_tui.sandbox.realtime.session import RealtimeSession
from zaguan_tui.sandbox.realtime.wire import EventSender


async def serve_realtime(socket: WebSocket) -> None:
    """Serve one session; a refusal is an HTTP answer instead of the upgrade."""
    gateway: Gateway = socket.app.state.gateway
    try:
        model = _model(gateway, socket.query_params.get("model"))
        await check_account(gateway, model)
    except GatewayError as error:
        await socket.send_denial_response(error.response(socket.scope["path"], socket.state.request_id))
        return
    await socket.accept()
    beta = "realtime=v1" in socket.headers.get("openai-beta", "")
    session = RealtimeSession(gateway, model, EventSender(socket.send_text, beta=beta))
    with suppress(WebSocketDisconnect, RuntimeError):
        await session.open()
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                break
            text = message.get("text")
            await session.receive(text if isinstance(text, str) else "\0")
    await session.close()


async def upgrade_required(request: Request) -> Response:
    """426 for a request without a WebSocket."""
    raise GatewayError(
        426,
        "/v1/realtime speaks WebSocket: connect with ws:// and an Upgrade header.",
        kind="invalid_request_error",
        code="upgrade_required",
        headers={"upgrade": "websocket"},
    )


def _model(gateway: Gateway, name: str | None) -> ModelData:
    if not name:
        raise invalid_request("The query needs '?model=', the id of a realtime model.", "model")
    model = gateway.world.find(name)
    if model is None:
        raise model_not_found(name)
    if model.kind != "chat" or not ("realtime" in model.features or model.provider == "sandbox"):
        raise invalid_request(f"{model.id} has no realtime sessions.", "model", "unsupported_model")
    return model
