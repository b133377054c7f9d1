"""Moderation call (wire reference §3.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.endpoints.group import EndpointGroup
from zaguan_tui.client.requests.body import build_body

if TYPE_CHECKING:
    from zaguan_tui.client.types.answers.moderations import Moderation


class ModerationEndpoints(EndpointGroup):
    """``/v1/moderations``."""

    @endpoint("POST", "/v1/moderations")
    async def create_moderation(
        self,
        row: Endpoint,
        *,
        input: str | Sequence[str] | Sequence[Mapping[str, Any]],  # noqa: A002 - the wire's own name
        model: str | None = None,
        options: RequestOptions | None = None,
    ) -> Moderation:
        """One verdict per text; parts (``{type: text | image_url, …}``) are judged together.

        Without ``model`` the server takes its own (D67).
        """
        from zaguan_tui.client.types.answers.moderations import read_moderation

        body = build_body("create_moderation", {"input": input}, {"model": model})
        return await self._read(row, read_moderation, body=body, options=options)
