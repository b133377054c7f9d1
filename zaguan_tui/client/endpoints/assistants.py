"""Assistant calls: create, list, get, update, delete (wire reference §3.10; deprecated by OpenAI)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.endpoints.group import EndpointGroup
from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.body import build_body, build_query

if TYPE_CHECKING:
    from zaguan_tui.client.requests.runs import AssistantParams
    from zaguan_tui.client.types.assistants.assistants import Assistant
    from zaguan_tui.client.types.core.deleted import Deleted
    from zaguan_tui.client.types.core.page import Page


class AssistantEndpoints(EndpointGroup):
    """``/v1/assistants``; all calls carry ``OpenAI-Beta: assistants=v2``."""

    @endpoint("POST", "/v1/assistants")
    async def create_assistant(
        self,
        row: Endpoint,
        *,
        model: str,
        options: RequestOptions | None = None,
        **params: Unpack[AssistantParams],
    ) -> Assistant:
        """Make an assistant. ``params``: see :class:`AssistantParams`."""
        from zaguan_tui.client.requests.runs import AssistantParams
        from zaguan_tui.client.types.assistants.assistants import read_assistant

        body = build_body("create_assistant", {"model": model}, params, AssistantParams)
        return await self._read(row, read_assistant, body=body, options=options)

    @endpoint("GET", "/v1/assistants")
    async def list_assistants(
        self,
        row: Endpoint,
        *,
        limit: int | None = None,
        order: str | None = None,
        after: str | None = None,
        before: str | None = None,
        options: RequestOptions | None = None,
    ) -> Page[Assistant]:
        """One page of assistants, newest first unless ``order="asc"``; ``limit`` 1 to 100."""
        from zaguan_tui.client.types.assistants.assistants import read_assistants

        params = build_query("list_assistants", limit=limit, order=order, after=after, before=before)
        return await self._read(row, read_assistants, params=params, options=options)

    @endpoint("GET", "/v1/assistants/{assistant_id}")
    async def get_assistant(
        self, row: Endpoint, assistant_id: str, *, options: RequestOptions | None = None
    ) -> Assistant:
        """One assistant."""
        from zaguan_tui.client.types.assistants.assistants import read_assistant

        return await self._read(row, read_assistant, ids={"assistant_id": assistant_id}, options=options)

    @endpoint("POST", "/v1/assistants/{assistant_id}")
    async def update_assistant(
        self,
        row: Endpoint,
        assistant_id: str,
        *,
        model: str | None = None,
        options: RequestOptions | None = None,
        **params: Unpack[AssistantParams],
    ) -> Assistant:
        """Replace the given fields, ``tools`` as a whole; the others stay."""
        from zaguan_tui.client.requests.runs import AssistantParams
        from zaguan_tui.client.types.assistants.assistants import read_assistant

        named = {} if model is None else {"model": model}
        body = build_body("update_assistant", named, params, AssistantParams)
        if not body:
            raise ArgumentError("update_assistant", "changes nothing", "at least one field")
        ids = {"assistant_id": assistant_id}
        return await self._read(row, read_assistant, ids=ids, body=body, options=options)

    @endpoint("DELETE", "/v1/assistants/{assistant_id}")
    async def delete_assistant(
        self, row: Endpoint, assistant_id: str, *, options: RequestOptions | None = None
    ) -> Deleted:
        """Delete an assistant for good."""
        from zaguan_tui.client.types.core.deleted import read_deleted

        return await self._read(row, read_deleted, ids={"assistant_id": assistant_id}, options=options)
