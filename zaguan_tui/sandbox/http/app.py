"""The ASGI application: routes, error envelopes and the heartbeat of the background traffic."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from importlib import import_module

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Scope

from zaguan_tui.sandbox.engine.ledger.ledger import LedgerError
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.catalogue import CATALOGUE
from zaguan_tui.sandbox.http.errors import (
    ANTHROPIC_HEADER,
    GatewayError,
    not_implemented,
    unknown_path,
    wrong_method,
)
from zaguan_tui.sandbox.http.middleware import AuthMiddleware
from zaguan_tui.sandbox.http.response_mutator import ResponseMutator
from zaguan_tui.sandbox.routes import build_routes

HEARTBEAT_SECONDS = 0.5
"""Real seconds between two looks at the background traffic; every reading catches up by itself."""


_TEXT_ENGINE = "zaguan_tui.sandbox.engine.chat.generation"
"""Imported after the start, before the first request: it is the largest import."""


def build_app(gateway: Gateway) -> ASGIApp:
    """The application that serves ``gateway``; it closes the gateway when it shuts down."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        pulse = asyncio.create_task(_run_heartbeat(gateway), name="sandbox heartbeat")
        warm = asyncio.create_task(asyncio.to_thread(import_module, _TEXT_ENGINE))
        if gateway.config.db is not None:
            await _resume_jobs(gateway)
        try:
            yield
        finally:
            await warm
            pulse.cancel()
            with suppress(asyncio.CancelledError):
                await pulse
            await gateway.close_upstream()
            gateway.close()

    routes = build_routes()
    app = Starlette(
        routes=[*routes, *_make_not_implemented_routes(routes)],
        lifespan=lifespan,
        exception_handlers={
            GatewayError: _refuse,
            HTTPException: _refuse_route,
            LedgerError: _refuse_ledger,
            Exception: _answer_internal_error,
        },
    )
    app.router.redirect_slashes = False
    app.state.gateway = gateway
    # Outermost: a browser asks for permission without its key. Any origin may, since the key decides.
    return CORSMiddleware(
        AuthMiddleware(ResponseMutator(app, gateway), gateway),
        allow_origins=["*"],
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=["*"],
    )


async def _run_heartbeat(gateway: Gateway) -> None:
    while True:
        gateway.catch_up()
        gateway.ledger.mark_time()
        with suppress(LedgerError):  # a request for the job reports it; the background traffic must go on
            await _settle_jobs(gateway)
        await asyncio.sleep(HEARTBEAT_SECONDS)


async def _resume_jobs(gateway: Gateway) -> None:
    """Continue the jobs that a restart has interrupted."""
    from zaguan_tui.sandbox.jobs.background import resume_jobs

    resume_jobs(gateway, await gateway.open_object_store())


async def _settle_jobs(gateway: Gateway) -> None:
    """Apply the ends of fine-tuning jobs; does nothing until files or jobs are in use."""
    object_store = gateway.loaded_object_store
    if object_store is not None:
        from zaguan_tui.sandbox.jobs.tuning_jobs import settle_jobs

        await settle_jobs(gateway, object_store, gateway.clock.now().timestamp())


def _make_not_implemented_routes(served_routes: Sequence[BaseRoute]) -> list[Route]:
    """A 501 for every catalogue row that no route of ours answers."""
    routes = []
    for method, path in CATALOGUE:
        verb = "GET" if method == "WS" else method
        scope: Scope = {"type": "http", "method": verb, "path": path, "headers": []}
        if not any(route.matches(scope)[0] is Match.FULL for route in served_routes):
            routes.append(Route(path, _answer_not_implemented, methods=[verb]))
    return routes


async def _answer_not_implemented(request: Request) -> Response:
    raise not_implemented(request.method, request.scope["path"])


def _answer(request: Request, refusal: GatewayError) -> Response:
    path = request.scope["path"]
    anthropic = path.startswith("/v1/models") and ANTHROPIC_HEADER in request.headers
    return refusal.response(path, request.state.request_id, anthropic=anthropic)


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, GatewayError)
    return _answer(request, error)


async def _refuse_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path = request.scope["path"]
    if error.status_code != 405:
        return _answer(request, unknown_path(request.method, path))
    allow = {
        method
        for route in request.app.routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is Match.PARTIAL
        for method in route.methods or ()
    }
    return _answer(request, wrong_method(request.method, path, ", ".join(sorted(allow))))


async def _refuse_ledger(request: Request, error: Exception) -> Response:
    return _answer(request, GatewayError(503, str(error), kind="server_error", code="ledger_unavailable"))


async def _answer_internal_error(request: Request, error: Exception) -> Response:
    message = f"Internal error of the sandbox ({type(error).__name__})."
    return _answer(request, GatewayError(500, message, kind="server_error", code="internal_error"))
