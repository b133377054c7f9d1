"""Ids that the gateway routes to one of several models (wire reference §6.3; shapes: proposal)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.endpoints.group import EndpointGroup

if TYPE_CHECKING:
    from zaguan_tui.client.types.models.virtual_models import VirtualModelAnswer, VirtualModelList


class VirtualModelEndpoints(EndpointGroup):
    """``/v1/virtual-models``."""

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
