"""The rows of the endpoint catalogue, and of the extensions, in the catalogue's order."""

from __future__ import annotations

from zaguan_tui.client.catalogue.endpoint import CallClass, Endpoint, Priority

_HIGH, _MEDIUM, _LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
_READ, _GENERATION, _ACT = CallClass.READ, CallClass.GENERATION, CallClass.ACT


def _row(
    call: str,
    section: str,
    priority: Priority,
    names: str,
    call_class: CallClass | None = None,
    *,
    admin: bool = False,
    extension: bool = False,
) -> Endpoint:
    method, path = call.split()
    kind = call_class or (_READ if method == "GET" else _ACT)
    return Endpoint(method, path, section, priority, tuple(names.split()), kind, admin, extension)


def _extension_row(call: str, section: str, name: str) -> Endpoint:
    return _row(call, section, _LOW, name, extension=True)


ROWS = (
    _row("POST /v1/chat/completions", "chat", _HIGH, "chat chat_stream", _GENERATION),
    _row("GET /v1/models", "models", _HIGH, "list_models"),
    _row("POST /v1/embeddings", "embeddings", _MEDIUM, "create_embeddings", _GENERATION),
    _row("POST /v1/audio/transcriptions", "audio", _MEDIUM, "create_transcription", _GENERATION),
    _row("POST /v1/audio/translations", "audio", _MEDIUM, "create_translation", _GENERATION),
    _row("POST /v1/audio/speech", "audio", _MEDIUM, "create_speech", _GENERATION),
    _row("POST /v1/images/generations", "images", _MEDIUM, "create_image", _GENERATION),
    _row("POST /v1/images/edits", "images", _MEDIUM, "edit_image", _GENERATION),
    _row("POST /v1/images/variations", "images", _MEDIUM, "create_image_variation", _GENERATION),
    _row("POST /v1/moderations", "moderations", _LOW, "create_moderation", _GENERATION),
    _row("POST /v1/files", "files", _MEDIUM, "upload_file"),
    _row("GET /v1/files", "files", _MEDIUM, "list_files"),
    _row("GET /v1/files/{file_id}", "files", _MEDIUM, "get_file"),
    _row("DELETE /v1/files/{file_id}", "files", _MEDIUM, "delete_file"),
    _row("POST /v1/fine_tuning/jobs", "fine_tuning", _MEDIUM, "create_fine_tuning_job"),
    _row("GET /v1/fine_tuning/jobs", "fine_tuning", _MEDIUM, "list_fine_tuning_jobs"),
    _row("GET /v1/fine_tuning/jobs/{job_id}", "fine_tuning", _MEDIUM, "get_fine_tuning_job"),
    _row("POST /v1/fine_tuning/jobs/{job_id}/cancel", "fine_tuning", _MEDIUM, "cancel_fine_tuning_job"),
    _row("POST /v1/batches", "batches", _MEDIUM, "create_batch"),
    _row("GET /v1/batches/{batch_id}", "batches", _MEDIUM, "get_batch"),
    _row("POST /v1/batches/{batch_id}/cancel", "batches", _MEDIUM, "cancel_batch"),
    _row("POST /v1/assistants", "assistants", _LOW, "create_assistant"),
    _row("GET /v1/assistants", "assistants", _LOW, "list_assistants"),
    _row("GET /v1/assistants/{assistant_id}", "assistants", _LOW, "get_assistant"),
    _row("POST /v1/assistants/{assistant_id}", "assistants", _LOW, "update_assistant"),
    _row("DELETE /v1/assistants/{assistant_id}", "assistants", _LOW, "delete_assistant"),
    _row("POST /v1/threads", "threads", _LOW, "create_thread"),
    _row("GET /v1/threads/{thread_id}", "threads", _LOW, "get_thread"),
    _row("POST /v1/threads/{thread_id}", "threads", _LOW, "update_thread"),
    _row("DELETE /v1/threads/{thread_id}", "threads", _LOW, "delete_thread"),
    _row("POST /v1/threads/{thread_id}/runs", "runs", _LOW, "create_run"),
    _row("GET /v1/threads/{thread_id}/runs/{run_id}", "runs", _LOW, "get_run"),
    _row("POST /v1/threads/{thread_id}/runs/{run_id}/cancel", "runs", _LOW, "cancel_run"),
    _row("POST /v1/messages", "messages", _HIGH, "messages messages_stream", _GENERATION),
    _row("POST /v1/messages/count_tokens", "messages", _MEDIUM, "count_tokens", _GENERATION),
    _row("POST /v1/messages/batches", "messages", _MEDIUM, "create_messages_batch"),
    _row("GET /v1/messages/batches/{batch_id}", "messages", _MEDIUM, "get_messages_batch"),
    _row("GET /v1/messages/batches", "messages", _MEDIUM, "list_messages_batches"),
    _row("POST /v1/messages/batches/{batch_id}/cancel", "messages", _MEDIUM, "cancel_messages_batch"),
    _row("GET /v1/messages/batches/{batch_id}/results", "messages", _MEDIUM, "get_messages_batch_results"),
    _row("GET /v1/capabilities", "capabilities", _HIGH, "get_capabilities"),
    _row("GET /v1/credits/balance", "credits", _HIGH, "get_credits_balance"),
    _row("GET /v1/credits/history", "credits", _HIGH, "get_credits_history"),
    _row("GET /v1/credits/stats", "credits", _HIGH, "get_credits_stats"),
    _row("GET /v1/virtual-models", "virtual_models", _MEDIUM, "list_virtual_models"),
    _row("GET /v1/virtual-models/{model_id}", "virtual_models", _MEDIUM, "get_virtual_model"),
    _row("GET /v1/providers/status", "providers", _HIGH, "get_provider_status"),
    _row("GET /v1/circuit-breaker/status", "providers", _HIGH, "get_circuit_breaker_status"),
    _row("WS /v1/realtime", "realtime", _LOW, "realtime", _GENERATION),
    _row("POST /v1/admin/reload", "admin", _MEDIUM, "reload_config", admin=True),
    _row("POST /v1/admin/providers/{provider}/enable", "admin", _MEDIUM, "enable_provider", admin=True),
    _row("POST /v1/admin/providers/{provider}/disable", "admin", _MEDIUM, "disable_provider", admin=True),
)
"""All 52 method+path pairs (source: the endpoint catalogue)."""

EXTENSION_ROWS = (
    _extension_row("GET /v1/models/{model_id}", "models", "get_model"),
    _extension_row("DELETE /v1/models/{model_id}", "models", "delete_model"),
    _extension_row("GET /v1/batches", "batches", "list_batches"),
    _extension_row("GET /v1/files/{file_id}/content", "files", "get_file_content"),
    _extension_row("GET /v1/fine_tuning/jobs/{job_id}/events", "fine_tuning", "list_fine_tuning_events"),
    _extension_row(
        "GET /v1/fine_tuning/jobs/{job_id}/checkpoints", "fine_tuning", "list_fine_tuning_checkpoints"
    ),
    _extension_row("GET /v1/threads/{thread_id}/messages", "threads", "list_thread_messages"),
    _extension_row("POST /v1/threads/{thread_id}/messages", "threads", "create_thread_message"),
    _extension_row("GET /v1/threads/{thread_id}/runs", "runs", "list_runs"),
    _extension_row("GET /v1/threads/{thread_id}/runs/{run_id}/steps", "runs", "list_run_steps"),
    _extension_row(
        "POST /v1/threads/{thread_id}/runs/{run_id}/submit_tool_outputs", "runs", "submit_tool_outputs"
    ),
    _extension_row("DELETE /v1/messages/batches/{batch_id}", "messages", "delete_messages_batch"),
)
"""Calls outside the catalogue (wire reference §8), used only when detected."""
