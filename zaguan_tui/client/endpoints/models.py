"""The models a gateway offers (wire reference §3.2)."""

from __future__ import annotations

from ..catalogue import Endpoint, endpoint
from ..options import RequestOptions
from ..types.models import ModelList, read_models
from .group import EndpointGroup


class ModelEndpoints(EndpointGroup):
    """``/v1/models``."""

    @endpoint("GET", "/v1/models")
    async def list_models(self, row: Endpoint, *, options: RequestOptions | None = None) -> ModelList:
        """Every model of this key, in the server's order (OpenAI spec; Anthropic's list is read too)."""
        return await self._read(row, read_models, options=options)
