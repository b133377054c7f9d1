"""Models, capabilities and virtual models (wire reference §3.2, §5.1, §6.3)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.endpoints.group import EndpointGroup
from zaguan_tui.client.types.core.base import Answer
from zaguan_tui.client.types.core.deleted import Deleted, read_deleted
from zaguan_tui.client.types.models.capabilities import CapabilityList, read_capabilities
from zaguan_tui.client.types.models.models import Model, ModelList, read_model, read_models

if TYPE_CHECKING:
    from zaguan_tui.client.types.models.virtual_models import VirtualModelAnswer, VirtualModelList


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
        answer = await self._read(row, _read_one, ids={"model_id": model_id}, options=options)
        return answer.model

    @endpoint("DELETE", "/v1/models/{model_id}")
    async def delete_model(
        self, row: Endpoint, model_id: str, *, options: RequestOptions | None = None
    ) -> Deleted:
        """Delete a fine-tuned model for good (extension)."""
        return await self._read(row, read_deleted, ids={"model_id": model_id}, options=options)


class CapabilityEndpoints(EndpointGroup):
    """``/v1/capabilities``."""

    @endpoint("GET", "/v1/capabilities")
    async def get_capabilities(
        self, row: Endpoint, *, options: RequestOptions | None = None
    ) -> CapabilityList:
        """Abilities, limits in tokens and prices in USD per million tokens, model by model.

        Reads all five shapes of the Zaguan SDKs (D1); an ability the server does not speak of is ``None``.
        """
        return await self._read(row, read_capabilities, options=options)


class VirtualModelEndpoints(EndpointGroup):
    """``/v1/virtual-models``: ids that the gateway routes to one of several models (shapes: proposal)."""

    @endpoint("GET", "/v1/virtual-models")
    async def list_virtual_models(
        self, row: Endpoint, *, options: RequestOptions | None = None
    ) -> VirtualModelList:
        """Every virtual model with its targets; aliases and fallback chains are read as such."""
        from zaguan_tui.client.types.models.virtual_models import read_virtual_models

        return await self._read(row, read_virtual_models, options=options)

    @endpoint("GET", "/v1/virtual-models/{model_id}")
    async def get_virtual_model(
        self, row: Endpoint, model_id: str, *, options: RequestOptions | None = None
    ) -> VirtualModelAnswer:
        """One virtual model, with its use where the server counts it. ``model_id`` may hold slashes."""
        from zaguan_tui.client.types.models.virtual_models import read_virtual_model

        reader = partial(read_virtual_model, model_id=model_id)
        return await self._read(row, reader, ids={"model_id": model_id}, options=options)


@dataclass(frozen=True, slots=True, kw_only=True)
class _OneModel(Answer):
    model: Model


def _read_one(body: Any) -> _OneModel:
    return _OneModel(model=read_model(body))
