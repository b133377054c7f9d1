"""Admin calls: reload, enable and disable a provider (wire reference §6.4; shapes: proposal).

They use the admin key where there is one, else the main key, and are never repeated by themselves: not even
on a connection that never stood, for whoever acts shall know what happened. What they return is what the
server claims; callers read the provider status again and believe that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint
from zaguan_tui.client.dispatch.call import Call, json_body
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.dispatch.reply import RawReply
from zaguan_tui.client.endpoints.group import EndpointGroup
from zaguan_tui.client.requests.body import build_body
from zaguan_tui.client.types.core.base import Answer

if TYPE_CHECKING:
    from zaguan_tui.client.types.providers.admin import AdminReload, ProviderState

A = TypeVar("A", bound=Answer)


class AdminEndpoints(EndpointGroup):
    """``/v1/admin``."""

    @endpoint("POST", "/v1/admin/reload")
    async def reload_config(
        self, row: Endpoint, *, reason: str | None = None, options: RequestOptions | None = None
    ) -> AdminReload:
        """Read the gateway's configuration again; a broken one is refused (422), the old one stays in force.

        Raises :class:`~..errors.ConflictError` while another reload runs. ``reason`` is sent only if given.
        """
        from zaguan_tui.client.types.providers.admin import read_admin_reload

        return await self._act(row, read_admin_reload, {}, reason, options)

    @endpoint("POST", "/v1/admin/providers/{provider}/enable")
    async def enable_provider(
        self,
        row: Endpoint,
        provider: str,
        *,
        reason: str | None = None,
        options: RequestOptions | None = None,
    ) -> ProviderState:
        """Let ``provider`` take requests again; ``changed`` is false when it already did."""
        from zaguan_tui.client.types.providers.admin import read_provider_state

        return await self._act(row, read_provider_state, {"provider": provider}, reason, options)

    @endpoint("POST", "/v1/admin/providers/{provider}/disable")
    async def disable_provider(
        self,
        row: Endpoint,
        provider: str,
        *,
        reason: str | None = None,
        options: RequestOptions | None = None,
    ) -> ProviderState:
        """Take ``provider`` out of service at run time; ``affected`` says who is hit, if the server tells."""
        from zaguan_tui.client.types.providers.admin import read_provider_state

        return await self._act(row, read_provider_state, {"provider": provider}, reason, options)

    async def _act(
        self,
        row: Endpoint,
        reader: Callable[[Any, int | None], A],
        ids: Mapping[str, str],
        reason: str | None,
        options: RequestOptions | None,
    ) -> A:
        """Make the call once, with an empty body unless there is a reason to tell."""
        body = None if reason is None else json_body(build_body(row.name, {"reason": reason}))
        call = Call(
            endpoint=row,
            path=row.fill(**ids),
            body=body,
            options=replace(options or RequestOptions(), max_retries=0),
        )
        reply = await self._dispatcher.send(call)
        value = self._understand(call, _as_json(reply), partial(_read, reader, reply.status))
        return replace(value, response=reply.meta)


def _read(reader: Callable[[Any, int | None], A], status: int, body: Any) -> A:
    return reader(body, status)


def _as_json(reply: RawReply) -> RawReply:
    """An empty body as ``null`` and a bare word (``ok``) as a JSON text, so that one reader takes all."""
    if not reply.body.strip():
        return replace(reply, body=b"null")
    try:
        json.loads(reply.body)
    except (ValueError, RecursionError):
        return replace(reply, body=json.dumps(reply.text.strip()).encode())
    return reply
