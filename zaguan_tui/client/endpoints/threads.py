"""Thread calls: conversations on the server and their messages (wire reference §3.11, §8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.endpoints.group import EndpointGroup
from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.body import build_body, build_query

if TYPE_CHECKING:
    from zaguan_tui.client.types.assistants.threads import Thread, ThreadMessage
    from zaguan_tui.client.types.core.deleted import Deleted
    from zaguan_tui.client.types.core.page import Page


class ThreadEndpoints(EndpointGroup):
    """``/v1/threads``; all calls carry ``OpenAI-Beta: assistants=v2``. No server lists threads."""

    @endpoint("POST", "/v1/threads")
    async def create_thread(
        self,
        row: Endpoint,
        *,
        messages: Sequence[Mapping[str, Any]] | None = None,
        tool_resources: Mapping[str, Any] | None = None,
        metadata: Mapping[str, str] | None = None,
        options: RequestOptions | None = None,
    ) -> Thread:
        """Begin a conversation, with ``messages`` of user and assistant in it or empty. Keep its id."""
        from zaguan_tui.client.types.assistants.threads import read_thread

        params = {"messages": messages, "tool_resources": tool_resources, "metadata": metadata}
        body = build_body("create_thread", {}, params)
        return await self._read(row, read_thread, body=body, options=options)

    @endpoint("GET", "/v1/threads/{thread_id}")
    async def get_thread(
        self, row: Endpoint, thread_id: str, *, options: RequestOptions | None = None
    ) -> Thread:
        """One thread, without its messages."""
        from zaguan_tui.client.types.assistants.threads import read_thread

        return await self._read(row, read_thread, ids={"thread_id": thread_id}, options=options)

    @endpoint("POST", "/v1/threads/{thread_id}")
    async def update_thread(
        self,
        row: Endpoint,
        thread_id: str,
        *,
        tool_resources: Mapping[str, Any] | None = None,
        metadata: Mapping[str, str] | None = None,
        options: RequestOptions | None = None,
    ) -> Thread:
        """Replace metadata or tool resources; nothing else of a thread can be changed."""
        from zaguan_tui.client.types.assistants.threads import read_thread

        params = {"tool_resources": tool_resources, "metadata": metadata}
        body = build_body("update_thread", {}, params)
        if not body:
            raise ArgumentError("update_thread", "changes nothing", "metadata or tool_resources")
        return await self._read(row, read_thread, ids={"thread_id": thread_id}, body=body, options=options)

    @endpoint("DELETE", "/v1/threads/{thread_id}")
    async def delete_thread(
        self, row: Endpoint, thread_id: str, *, options: RequestOptions | None = None
    ) -> Deleted:
        """Delete a thread with its messages for good."""
        from zaguan_tui.client.types.core.deleted import read_deleted

        return await self._read(row, read_deleted, ids={"thread_id": thread_id}, options=options)

    @endpoint("GET", "/v1/threads/{thread_id}/messages")
    async def list_thread_messages(
        self,
        row: Endpoint,
        thread_id: str,
        *,
        run_id: str | None = None,
        limit: int | None = None,
        order: str | None = None,
        after: str | None = None,
        before: str | None = None,
        options: RequestOptions | None = None,
    ) -> Page[ThreadMessage]:
        """One page of messages, newest first unless ``order="asc"`` (extension); ``limit`` 1 to 100."""
        from zaguan_tui.client.types.assistants.threads import read_thread_messages

        params = build_query(row.name, limit=limit, order=order, after=after, before=before, run_id=run_id)
        ids = {"thread_id": thread_id}
        return await self._read(row, read_thread_messages, ids=ids, params=params, options=options)

    @endpoint("POST", "/v1/threads/{thread_id}/messages")
    async def create_thread_message(
        self,
        row: Endpoint,
        thread_id: str,
        *,
        content: str | Sequence[Mapping[str, Any]],
        role: str = "user",
        attachments: Sequence[Mapping[str, Any]] | None = None,
        metadata: Mapping[str, str] | None = None,
        options: RequestOptions | None = None,
    ) -> ThreadMessage:
        """Add a message, a text or parts (extension)."""
        from zaguan_tui.client.types.assistants.threads import read_thread_message

        params = {"metadata": metadata, "attachments": attachments}
        body = build_body("create_thread_message", {"role": role, "content": content}, params)
        ids = {"thread_id": thread_id}
        return await self._read(row, read_thread_message, ids=ids, body=body, options=options)
