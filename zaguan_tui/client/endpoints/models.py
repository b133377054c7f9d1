"""The models a gateway offers (wire reference §3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.endpoints.group import EndpointGroup
from zaguan_tui.client.types.core.base import Answer
from zaguan_tui.client.types.core.deleted import Deleted, read_deleted
from zaguan_tui.client.types.models.models import Model, ModelList, read_model, read_models


class ModelEndpoints(EndpointGroup):
    """``/v1/models``."""

    @endpoint("GET", "/v1/models")
    async def list_models(self, row: Endpoint, *, options: RequestOptions | None = None) -> ModelList:
        """Every model of this key, in the server's order (OpenAI spec; Anthropic's list is read too)."""
        return await self._read(row, read_models, options=options)

    @endpoint("GET", "/v1/models/{model_id}")
    async def get_model(
        self, row: Endpoint, model_id: str, *, options: RequestOptions | None = None
    ) -> Model:
        """One model (extension). Slashes in ``model_id`` stay slashes in the path."""
        found = await self._read(row, _read_one, ids={"model_id": model_id}, options=options)
        return found.model

    @endpoint("DELETE", "/v1/models/{model_id}")
    async def delete_model(
        self, row: Endpoint, model_id: str, *, options: RequestOptions | None = None
    ) -> Deleted:
        """Delete a fine-tuned model for good (extension)."""
        return await self._read(row, read_deleted, ids={"model_id": model_id}, options=options)


@dataclass(frozen=True, slots=True, kw_only=True)
class _OneModel(Answer):
    model: Model


def _read_one(body: Any) -> _OneModel:
    return _OneModel(model=read_model(body))
