"""Run calls: create, follow, cancel, steps and tool outputs (wire reference §3.12, §8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint, endpoint_of_method
from zaguan_tui.client.dispatch.call import QueryValue
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.endpoints.transfer_group import TransferGroup
from zaguan_tui.client.paging.job_wait import OnUpdate, Patience, wait_until
from zaguan_tui.client.requests.body import build_query
from zaguan_tui.client.types.models.lifecycle import Stage

if TYPE_CHECKING:
    from zaguan_tui.client.requests.runs import RunParams
    from zaguan_tui.client.streaming.media.runs import RunStream
    from zaguan_tui.client.types.assistants.runs import Run, RunStep
    from zaguan_tui.client.types.core.page import Page


class RunEndpoints(TransferGroup):
    """``/v1/threads/{thread_id}/runs``; all calls carry ``OpenAI-Beta: assistants=v2``."""

    @endpoint("POST", "/v1/threads/{thread_id}/runs")
    async def create_run(
        self,
        row: Endpoint,
        thread_id: str,
        *,
        assistant_id: str,
        include: Sequence[str] | None = None,
        options: RequestOptions | None = None,
        **params: Unpack[RunParams],
    ) -> Run:
        """Set an assistant to work; comes back at once with a queued run. ``params``: :class:`RunParams`.

        ``include`` names what the steps shall carry beyond the usual.
        """
        from zaguan_tui.client.requests.runs import run_body
        from zaguan_tui.client.types.assistants.runs import read_run

        body = run_body(assistant_id, params, stream=False)
        return await self._read(
            row, read_run, ids={"thread_id": thread_id}, params=_include(include), body=body, options=options
        )

    def create_run_stream(
        self,
        thread_id: str,
        *,
        assistant_id: str,
        include: Sequence[str] | None = None,
        options: RequestOptions | None = None,
        **params: Unpack[RunParams],
    ) -> RunStream:
        """The same, watched: an async context manager, and inside an async iterator of events.

        Leaving it early does not stop the run: :meth:`cancel_run` does.
        """
        from zaguan_tui.client.requests.runs import run_body
        from zaguan_tui.client.streaming.media.runs import RunStream

        setup = self._events(
            endpoint_of_method("create_run"),
            ids={"thread_id": thread_id},
            params=_include(include),
            body=run_body(assistant_id, params, stream=True),
            options=options,
        )
        return RunStream(setup.open, model=params.get("model"), settings=setup.settings)

    @endpoint("GET", "/v1/threads/{thread_id}/runs/{run_id}")
    async def get_run(
        self, row: Endpoint, thread_id: str, run_id: str, *, options: RequestOptions | None = None
    ) -> Run:
        """How a run stands."""
        from zaguan_tui.client.types.assistants.runs import read_run

        ids = {"thread_id": thread_id, "run_id": run_id}
        return await self._read(row, read_run, ids=ids, options=options)

    @endpoint("POST", "/v1/threads/{thread_id}/runs/{run_id}/cancel")
    async def cancel_run(
        self, row: Endpoint, thread_id: str, run_id: str, *, options: RequestOptions | None = None
    ) -> Run:
        """Stop a run. It is ``cancelling`` first, and may still complete if it was faster."""
        from zaguan_tui.client.types.assistants.runs import read_run

        ids = {"thread_id": thread_id, "run_id": run_id}
        return await self._read(row, read_run, ids=ids, options=options)

    @endpoint("GET", "/v1/threads/{thread_id}/runs")
    async def list_runs(
        self,
        row: Endpoint,
        thread_id: str,
        *,
        limit: int | None = None,
        order: str | None = None,
        after: str | None = None,
        before: str | None = None,
        options: RequestOptions | None = None,
    ) -> Page[Run]:
        """One page of a thread's runs, newest first unless ``order="asc"`` (extension)."""
        from zaguan_tui.client.types.assistants.runs import read_runs

        params = build_query(row.name, limit=limit, order=order, after=after, before=before)
        ids = {"thread_id": thread_id}
        return await self._read(row, read_runs, ids=ids, params=params, options=options)

    @endpoint("GET", "/v1/threads/{thread_id}/runs/{run_id}/steps")
    async def list_run_steps(
        self,
        row: Endpoint,
        thread_id: str,
        run_id: str,
        *,
        limit: int | None = None,
        order: str | None = None,
        after: str | None = None,
        before: str | None = None,
        options: RequestOptions | None = None,
    ) -> Page[RunStep]:
        """One page of what a run did, newest first unless ``order="asc"`` (extension)."""
        from zaguan_tui.client.types.assistants.runs import read_run_steps

        params = build_query(row.name, limit=limit, order=order, after=after, before=before)
        ids = {"thread_id": thread_id, "run_id": run_id}
        return await self._read(row, read_run_steps, ids=ids, params=params, options=options)

    @endpoint("POST", "/v1/threads/{thread_id}/runs/{run_id}/submit_tool_outputs")
    async def submit_tool_outputs(
        self,
        row: Endpoint,
        thread_id: str,
        run_id: str,
        *,
        tool_outputs: Sequence[Mapping[str, Any]],
        options: RequestOptions | None = None,
    ) -> Run:
        """Give a run that ``requires_action`` what it waits for: ``[{tool_call_id, output}]`` (extension)."""
        from zaguan_tui.client.requests.runs import tool_outputs_body
        from zaguan_tui.client.types.assistants.runs import read_run

        body = tool_outputs_body(tool_outputs, stream=False)
        ids = {"thread_id": thread_id, "run_id": run_id}
        return await self._read(row, read_run, ids=ids, body=body, options=options)

    def submit_tool_outputs_stream(
        self,
        thread_id: str,
        run_id: str,
        *,
        tool_outputs: Sequence[Mapping[str, Any]],
        options: RequestOptions | None = None,
    ) -> RunStream:
        """The same, and watch the run go on (extension)."""
        from zaguan_tui.client.requests.runs import tool_outputs_body
        from zaguan_tui.client.streaming.media.runs import RunStream

        setup = self._events(
            endpoint_of_method("submit_tool_outputs"),
            ids={"thread_id": thread_id, "run_id": run_id},
            body=tool_outputs_body(tool_outputs, stream=True),
            options=options,
        )
        return RunStream(setup.open, model=None, settings=setup.settings)

    async def wait_for_run(
        self,
        thread_id: str,
        run_id: str,
        *,
        on_update: OnUpdate[Run] | None = None,
        patience: Patience | None = None,
        options: RequestOptions | None = None,
    ) -> Run:
        """The run once it is over, or waits for tool outputs: without them it would only expire.

        See :meth:`~.batches.BatchEndpoints.wait_for_batch`.
        """
        return await wait_until(
            partial(self.get_run, thread_id, run_id, options=options),
            lambda run: run.is_over or run.stage is Stage.NEEDS_ACTION,
            clock=self._dispatcher.clock,
            patience=patience,
            on_update=on_update,
        )


def _include(names: Sequence[str] | None) -> dict[str, QueryValue]:
    return {"include[]": list(names) if names else None}
