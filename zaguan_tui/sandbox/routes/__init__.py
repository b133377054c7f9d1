"""The endpoints, one file per section of the catalogue.

Files that every start needs offer ``ROUTES``; the others are named in `LATER` and loaded by the first call
that wants them, so that they cost the start nothing.
"""

from __future__ import annotations

from importlib import import_module

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from zaguan_tui.sandbox.routes import capabilities, chat, circuit_breaker, models, providers, sandbox
from zaguan_tui.sandbox.routes import credits as credit_account

LAZY_ROUTES: tuple[tuple[str, str, str], ...] = (
    ("POST", "/v1/messages", "messages.create_message"),
    ("POST", "/v1/messages/count_tokens", "messages.count_tokens"),
    ("GET", "/v1/credits/history", "credit_records.get_history"),
    ("GET", "/v1/credits/stats", "credit_records.get_stats"),
    ("GET", "/v1/virtual-models", "virtual_models.list_virtual_models"),
    ("GET", "/v1/virtual-models/{model_id:path}", "virtual_models.get_virtual_model"),
    ("POST", "/v1/embeddings", "embeddings.create_embeddings"),
    ("POST", "/v1/moderations", "moderations.create_moderation"),
    ("POST", "/v1/files", "files.upload_file"),
    ("GET", "/v1/files", "files.list_files"),
    ("GET", "/v1/files/{file_id}/content", "files.get_content"),
    ("GET", "/v1/files/{file_id}", "files.get_file"),
    ("DELETE", "/v1/files/{file_id}", "files.delete_file"),
    ("POST", "/v1/batches", "batches.create_batch"),
    ("GET", "/v1/batches", "batches.list_batches"),
    ("GET", "/v1/batches/{batch_id}", "batches.get_batch"),
    ("POST", "/v1/batches/{batch_id}/cancel", "batches.cancel_batch"),
    ("POST", "/v1/messages/batches", "message_batches.create_batch"),
    ("GET", "/v1/messages/batches", "message_batches.list_batches"),
    ("GET", "/v1/messages/batches/{batch_id}/results", "message_batches.get_results"),
    ("GET", "/v1/messages/batches/{batch_id}", "message_batches.get_batch"),
    ("DELETE", "/v1/messages/batches/{batch_id}", "message_batches.delete_batch"),
    ("POST", "/v1/messages/batches/{batch_id}/cancel", "message_batches.cancel_batch"),
    ("POST", "/v1/fine_tuning/jobs", "fine_tuning.create_job"),
    ("GET", "/v1/fine_tuning/jobs", "fine_tuning.list_jobs"),
    ("GET", "/v1/fine_tuning/jobs/{job_id}", "fine_tuning.get_job"),
    ("POST", "/v1/fine_tuning/jobs/{job_id}/cancel", "fine_tuning.cancel_job"),
    ("GET", "/v1/fine_tuning/jobs/{job_id}/events", "fine_tuning.list_events"),
    ("GET", "/v1/fine_tuning/jobs/{job_id}/checkpoints", "fine_tuning.list_checkpoints"),
    ("DELETE", "/v1/models/{model_id:path}", "tuned_models.delete_model"),
    ("POST", "/v1/images/generations", "images.create_image"),
    ("POST", "/v1/images/edits", "images.edit_image"),
    ("POST", "/v1/images/variations", "images.vary_image"),
    ("GET", "/sandbox/images/{name}", "images.show_image"),
    ("POST", "/v1/audio/speech", "audio.create_speech"),
    ("POST", "/v1/audio/transcriptions", "audio.create_transcription"),
    ("POST", "/v1/audio/translations", "audio.create_translation"),
    ("POST", "/v1/assistants", "assistants.create_assistant"),
    ("GET", "/v1/assistants", "assistants.list_assistants"),
    ("GET", "/v1/assistants/{assistant_id}", "assistants.get_assistant"),
    ("POST", "/v1/assistants/{assistant_id}", "assistants.update_assistant"),
    ("DELETE", "/v1/assistants/{assistant_id}", "assistants.delete_assistant"),
    ("POST", "/v1/threads", "threads.create_thread"),
    ("GET", "/v1/threads/{thread_id}", "threads.get_thread"),
    ("POST", "/v1/threads/{thread_id}", "threads.update_thread"),
    ("DELETE", "/v1/threads/{thread_id}", "threads.delete_thread"),
    ("GET", "/v1/threads/{thread_id}/messages", "threads.list_messages"),
    ("POST", "/v1/threads/{thread_id}/messages", "threads.create_message"),
    ("POST", "/v1/threads/{thread_id}/runs", "runs.create_run"),
    ("GET", "/v1/threads/{thread_id}/runs", "runs.list_runs"),
    ("GET", "/v1/threads/{thread_id}/runs/{run_id}", "runs.get_run"),
    ("POST", "/v1/threads/{thread_id}/runs/{run_id}/cancel", "runs.cancel_run"),
    ("GET", "/v1/threads/{thread_id}/runs/{run_id}/steps", "runs.list_steps"),
    ("POST", "/v1/threads/{thread_id}/runs/{run_id}/submit_tool_outputs", "runs.submit_tool_outputs"),
    ("GET", "/v1/realtime", "realtime.upgrade_required"),
    ("POST", "/v1/admin/reload", "admin.reload_config"),
    ("POST", "/v1/admin/providers/{provider}/enable", "admin.enable_provider"),
    ("POST", "/v1/admin/providers/{provider}/disable", "admin.disable_provider"),
)
"""Method, path, and the function of this package that answers; fixed paths before those with a free part."""


def build_routes() -> list[BaseRoute]:
    """Every route this sandbox answers, fixed paths before those with a free part."""
    parts = (chat, models, capabilities, credit_account, providers, circuit_breaker, sandbox)
    return (
        [route for part in parts for route in part.ROUTES]
        + [_lazy_endpoint(*row) for row in LAZY_ROUTES]
        + [WebSocketRoute("/v1/realtime", _talk)]
    )


async def _talk(socket: WebSocket) -> None:
    from zaguan_tui.sandbox.routes.realtime import talk

    await talk(socket)


def _lazy_endpoint(method: str, path: str, place: str) -> Route:
    module, _, name = place.partition(".")

    async def answer(request: Request) -> Response:
        endpoint = getattr(import_module(f"{__name__}.{module}"), name)
        response: Response = await endpoint(request)
        if method != "GET":
            await request.app.state.gateway.ledger.flush()  # what is answered survives a kill
        return response

    return Route(path, answer, methods=[method])
