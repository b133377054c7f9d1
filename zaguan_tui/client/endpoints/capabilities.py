"""What each model can do and what it costs (wire reference §5.1)."""

from __future__ import annotations

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.endpoints.group import EndpointGroup
from zaguan_tui.client.types.models.capabilities import CapabilityList, read_capabilities


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
