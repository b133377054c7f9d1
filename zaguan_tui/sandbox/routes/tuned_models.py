"""DELETE /v1/models/{id}: fine-tuned models only (wire.md 8)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import forbidden, model_not_found
from zaguan_tui.sandbox.jobs.tuning_jobs import KIND


async def delete_model(request: Request) -> Response:
    """Forget a fine-tuned model; the providers' own are not yours to delete."""
    gateway: Gateway = request.app.state.gateway
    name = request.path_params["model_id"]
    object_store = await gateway.open_object_store()
    model = gateway.world.find(name)
    if model is None:
        raise model_not_found(name)
    if model not in gateway.tuned_models:
        raise forbidden(f"{model.id} belongs to its provider; only fine-tuned models can be deleted.")
    gateway.tuned_models.remove(model)
    gateway.world.remove(model)
    for job in object_store.list(KIND):
        if job["_model"] == model.id:
            job["_deleted"] = True
            object_store.put(KIND, job)
    return JSONResponse({"id": model.id, "object": "model", "deleted": True})
