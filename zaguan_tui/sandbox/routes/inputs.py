"""POST /v1/embeddings and /v1/moderations: one result for every input."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from zaguan_tui.sandbox.calls.embeddings import embeddings
from zaguan_tui.sandbox.calls.moderations import moderations
from zaguan_tui.sandbox.http.bodies import read_object


async def create_embeddings(request: Request) -> Response:
    """One vector for every input, in the order of the inputs."""
    gateway, body = request.app.state.gateway, await read_object(request)
    return JSONResponse(await embeddings(gateway, body, request.state.request_id))


async def create_moderation(request: Request) -> Response:
    """A result for every input; a list of parts is one input."""
    gateway, body = request.app.state.gateway, await read_object(request)
    return JSONResponse(await moderations(gateway, body, request.state.request_id))
