"""Batch calls: create, get, cancel, list and wait (wire reference §3.9, §8)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.endpoints.group import EndpointGroup
from zaguan_tui.client.paging.job_wait import OnUpdate, Patience, wait_until
from zaguan_tui.client.requests.body import build_body, build_query

if TYPE_CHECKING:
    from zaguan_tui.client.types.core.page import Page
    from zaguan_tui.client.types.jobs.batches import Batch


class BatchEndpoints(EndpointGroup):
    """``/v1/batches``."""

    @endpoint("POST", "/v1/batches")
    async def create_batch(
        self,
        row: Endpoint,
        *,
        input_file_id: str,
        endpoint: str,
        completion_window: str = "24h",
        metadata: Mapping[str, str] | None = None,
        output_expires_after: Mapping[str, Any] | None = None,
        additional_fields: Mapping[str, Any] | None = None,
        options: RequestOptions | None = None,
    ) -> Batch:
        """Start the requests of an uploaded JSONL file, all to one ``endpoint`` (``/v1/chat/completions``).

        ``output_expires_after``: ``{"anchor": "created_at", "seconds": …}``.
        """
        from zaguan_tui.client.types.jobs.batches import read_batch

        required = {
            "input_file_id": input_file_id,
            "endpoint": endpoint,
            "completion_window": completion_window,
        }
        params = {
            "metadata": metadata,
            "output_expires_after": output_expires_after,
            "additional_fields": additional_fields,
        }
        body = build_body("create_batch", required, params)
        return await self._read(row, read_batch, body=body, options=options)

    @endpoint("GET", "/v1/batches/{batch_id}")
    async def get_batch(
        self, row: Endpoint, batch_id: str, *, options: RequestOptions | None = None
    ) -> Batch:
        """How a batch stands."""
        from zaguan_tui.client.types.jobs.batches import read_batch

        return await self._read(row, read_batch, ids={"batch_id": batch_id}, options=options)

    @endpoint("POST", "/v1/batches/{batch_id}/cancel")
    async def cancel_batch(
        self, row: Endpoint, batch_id: str, *, options: RequestOptions | None = None
    ) -> Batch:
        """Stop a batch. It stays ``cancelling`` for up to ten minutes; what was finished is kept."""
        from zaguan_tui.client.types.jobs.batches import read_batch

        return await self._read(row, read_batch, ids={"batch_id": batch_id}, options=options)

    @endpoint("GET", "/v1/batches")
    async def list_batches(
        self,
        row: Endpoint,
        *,
        limit: int | None = None,
        after: str | None = None,
        options: RequestOptions | None = None,
    ) -> Page[Batch]:
        """One page of batches, newest first (extension); ``limit`` 1 to 100."""
        from zaguan_tui.client.types.jobs.batches import read_batches

        params = build_query("list_batches", limit=limit, after=after)
        return await self._read(row, read_batches, params=params, options=options)

    async def wait_for_batch(
        self,
        batch_id: str,
        *,
        on_update: OnUpdate[Batch] | None = None,
        patience: Patience | None = None,
        options: RequestOptions | None = None,
    ) -> Batch:
        """The batch once it is over, whatever its end; look at ``stage`` and ``counts``.

        ``on_update`` is told of the first reading and of every change. Raises
        :class:`~..paging.job_wait.WaitTimeoutError` if ``patience`` has a ``timeout``.
        """
        return await wait_until(
            partial(self.get_batch, batch_id, options=options),
            lambda batch: batch.is_over,
            clock=self._dispatcher.clock,
            patience=patience,
            on_update=on_update,
        )
