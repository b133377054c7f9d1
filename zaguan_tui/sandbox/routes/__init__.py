"""HTTP endpoints, one module per section of the catalogue.

Modules that every start needs offer ``ROUTES``; those in `LAZY_ROUTES` are imported by the first call of
their endpoint, which keeps the start short.
"""

from __future__ import annotations

from importlib import import_module

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from zaguan_tui.sandbox.routes import chat, models
from zaguan_tui.sandbox.routes.gateway import balance, capabilities, circuit_breaker, providers, sandbox

LAZY_ROUTES: tuple[tuple[str, str, str], ...] = (
    ("POST", "/v1/messages", "messages.create_message"),
    ("POST", "/v1/messages/count_tokens", "messages.count_tokens"),
    ("GET", "/v1/credits/history", "gateway.credit_records.get_history"),
    ("GET", "/v1/credits/stats", "gateway.credit_records.get_stats"),
    ("GET", "/v1/virtual-models", "gateway.virtual_models.list_virtual_models"),
    ("GET", "/v1/virtual-models/{model_id:path}", "gateway.virtual_models.get_virtual_model"),
    ("POST", "/v1/embeddings", "inputs.create_embeddings"),
    ("POST", "/v1/moderations", "inputs.create_moderation"),
    ("POST", "/v1/files", "jobs.files.upload_file"),
    ("GET", "/v1/files", "jobs.files.list_files"),
    ("GET", "/v1/files/{file_id}/content", "jobs.files.get_content"),
    ("GET", "/v1/files/{file_id}", "jobs.files.get_file"),
    ("DELETE", "/v1/files/{file_id}", "jobs.files.delete_file"),
    ("POST", "/v1/batches", "jobs.batches.create_batch"),
    ("GET", "/v1/batches", "jobs.batches.list_batches"),
    ("GET", "/v1/batches/{batch_id}", "jobs.batches.get_batch"),
    ("POST", "/v1/batches/{batch_id}/cancel", "jobs.batches.cancel_batch"),
    ("POST", "/v1/messages/batches", "jobs.message_batches.create_batch"),
    ("GET", "/v1/messages/batches", "jobs.message_batches.list_batches"),
    ("GET", "/v1/messages/batches/{batch_id}/results", "jobs.message_batches.get_results"),
    ("GET", "/v1/messages/batches/{batch_id}", "jobs.message_batches.get_batch"),
    ("DELETE", "/v1/messages/batches/{batch_id}", "jobs.message_batches.delete_batch"),
    ("POST", "/v1/messages/batches/{batch_id}/cancel", "jobs.message_batches.cancel_batch"),
    ("POST", "/v1/fine_tuning/jobs", "jobs.fine_tuning.create_job"),
    ("GET", "/v1/fine_tuning/jobs", "jobs.fine_tuning.list_jobs"),
    ("GET", "/v1/fine_tuning/jobs/{job_id}", "jobs.fine_tuning.get_job"),
    ("POST", "/v1/fine_tuning/jobs/{job_id}/cancel", "jobs.fine_tuning.cancel_job"),
    ("GET", "/v1/fine_tuning/jobs/{job_id}/events", "jobs.fine_tuning.list_events"),
    ("GET", "/v1/fine_tuning/jobs/{job_id}/checkpoints", "jobs.fine_tuning.list_checkpoints"),
    ("DELETE", "/v1/models/{model_id:path}", "jobs.fine_tuning.delete_model"),
    ("POST", "/v1/images/generations", "media.images.create_image"),
    ("POST", "/v1/images/edits", "media.images.edit_image"),
    ("POST", "/v1/images/variations", "media.images.vary_image"),
    ("GET", "/sandbox/images/{name}", "media.images.show_image"),
    ("POST", "/v1/audio/speech", "media.audio.create_speech"),
    ("POST", "/v1/audio/transcriptions", "media.audio.create_transcription"),
    ("POST", "/v1/audio/translations", "media.audio.create_translation"),
    ("POST", "/v1/assistants", "assistants.assistants.create_assistant"),
    ("GET", "/v1/assistants", "assistants.assistants.list_assistants"),
    ("GET", "/v1/assistants/{assistant_id}", "assistants.assistants.get_assistant"),
    ("POST", "/v1/assistants/{assistant_id}", "assistants.assistants.update_assistant"),
    ("DELETE", "/v1/assistants/{assistant_id}", "assistants.assistants.delete_assistant"),
    ("POST", "/v1/threads", "assistants.threads.create_thread"),
    ("GET", "/v1/threads/{thread_id}", "assistants.threads.get_thread"),
    ("POST", "/v1/threads/{thread_id}", "assistants.threads.update_thread"),
    ("DELETE", "/v1/threads/{thread_id}", "assistants.threads.delete_thread"),
    ("GET", "/v1/threads/{thread_id}/messages", "assistants.threads.list_messages"),
    ("POST", "/v1/threads/{thread_id}/messages", "assistants.threads.create_message"),
    ("POST", "/v1/threads/{thread_id}/runs", "assistants.runs.create_run"),
    ("GET", "/v1/threads/{thread_id}/runs", "assistants.runs.list_runs"),
    ("GET", "/v1/threads/{thread_id}/runs/{run_id}", "assistants.runs.get_run"),
    ("POST", "/v1/threads/{thread_id}/runs/{run_id}/cancel", "assistants.runs.cancel_run"),
    ("GET", "/v1/threads/{thread_id}/runs/{run_id}/steps", "assistants.runs.list_steps"),
    (
        "POST",
        "/v1/threads/{thread_id}/runs/{run_id}/submit_tool_outputs",
        "assistants.runs.submit_tool_outputs",
    ),
    ("GET", "/v1/realtime", "realtime.upgrade_required"),
    ("POST", "/v1/admin/reload", "gateway.admin.reload_config"),
    ("POST", "/v1/admin/providers/{provider}/enable", "gateway.admin.enable_provider"),
    ("POST", "/v1/admin/providers/{provider}/disable", "gateway.admin.disable_provider"),
)
"""Method, path, and the function of this package that answers; fixed paths before those with a free part."""


def build_routes() -> list[BaseRoute]:
    """Every route this sandbox answers, fixed paths before those with a free part."""
    parts = (chat, models, capabilities, balance, providers, circuit_breaker, sandbox)
    return (
        [route for part in parts for route in part.ROUTES]
        + [_lazy_endpoint(*row) for row in LAZY_ROUTES]
        + [WebSocketRoute("/v1/realtime", _open_realtime)]
    )


async def _open_realtime(socket: WebSocket) -> None:
    from zaguan_tui.sandbox.routes.realtime import serve_realtime

    await serve_realtime(socket)


def _lazy_endpoint(method: str, path: str, place: str) -> Route:
    module, _, name = place.rpartition(".")

    async def answer(request: Request) -> Response:
        endpoint = getattr(import_module(f"{__name__}.{module}"), name)
        response: Response = await endpoint(request)
        if method != "GET":
            await request.app.state.gateway.ledger.flush()  # what is answered survives a kill
        return response

    return Route(path, answer, methods=[method])
