"""Fine-tuning calls: jobs, events and checkpoints (wire reference §3.8, §8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.endpoints.group import EndpointGroup
from zaguan_tui.client.paging.job_wait import OnUpdate, Patience, wait_until
from zaguan_tui.client.requests.body import build_body, build_query

if TYPE_CHECKING:
    from zaguan_tui.client.types.core.page import Page
    from zaguan_tui.client.types.jobs.fine_tuning import FineTuningCheckpoint, FineTuningEvent, FineTuningJob


class FineTuningParams(TypedDict, total=False):
    """Every parameter of a job beside model and training file. ``None`` is not sent.

    ``suffix``: 1 to 64 characters of the new model's name. ``seed``: 0 to 2³¹−1. ``hyperparameters`` is the
    old place of what ``method`` holds by now: ``batch_size`` (1 to 256), ``n_epochs`` (1 to 50),
    ``learning_rate_multiplier`` (> 0), each a number or ``"auto"``.
    """

    validation_file: str | None
    suffix: str | None
    seed: int | None
    hyperparameters: Mapping[str, Any] | None
    method: Mapping[str, Any] | None
    integrations: Sequence[Mapping[str, Any]] | None
    metadata: Mapping[str, str] | None
    additional_fields: Mapping[str, Any] | None


class FineTuningEndpoints(EndpointGroup):
    """``/v1/fine_tuning``."""

    @endpoint("POST", "/v1/fine_tuning/jobs")
    async def create_fine_tuning_job(
        self,
        row: Endpoint,
        *,
        model: str,
        training_file: str,
        options: RequestOptions | None = None,
        **params: Unpack[FineTuningParams],
    ) -> FineTuningJob:
        """Begin to teach ``model`` with an uploaded file. ``params``: see :class:`FineTuningParams`."""
        from zaguan_tui.client.types.jobs.fine_tuning import read_fine_tuning_job

        required = {"model": model, "training_file": training_file}
        body = build_body("create_fine_tuning_job", required, params, FineTuningParams)
        return await self._read(row, read_fine_tuning_job, body=body, options=options)

    @endpoint("GET", "/v1/fine_tuning/jobs")
    async def list_fine_tuning_jobs(
        self,
        row: Endpoint,
        *,
        limit: int | None = None,
        after: str | None = None,
        metadata: Mapping[str, str] | None = None,
        options: RequestOptions | None = None,
    ) -> Page[FineTuningJob]:
        """One page of jobs, newest first, only those with all of ``metadata``."""
        from zaguan_tui.client.types.jobs.fine_tuning import read_fine_tuning_jobs

        params = build_query(row.name, limit=limit, after=after)
        params |= {f"metadata[{name}]": value for name, value in (metadata or {}).items()}
        return await self._read(row, read_fine_tuning_jobs, params=params, options=options)

    @endpoint("GET", "/v1/fine_tuning/jobs/{job_id}")
    async def get_fine_tuning_job(
        self, row: Endpoint, job_id: str, *, options: RequestOptions | None = None
    ) -> FineTuningJob:
        """How a job stands."""
        from zaguan_tui.client.types.jobs.fine_tuning import read_fine_tuning_job

        return await self._read(row, read_fine_tuning_job, ids={"job_id": job_id}, options=options)

    @endpoint("POST", "/v1/fine_tuning/jobs/{job_id}/cancel")
    async def cancel_fine_tuning_job(
        self, row: Endpoint, job_id: str, *, options: RequestOptions | None = None
    ) -> FineTuningJob:
        """Stop a job for good."""
        from zaguan_tui.client.types.jobs.fine_tuning import read_fine_tuning_job

        return await self._read(row, read_fine_tuning_job, ids={"job_id": job_id}, options=options)

    @endpoint("GET", "/v1/fine_tuning/jobs/{job_id}/events")
    async def list_fine_tuning_events(
        self,
        row: Endpoint,
        job_id: str,
        *,
        limit: int | None = None,
        after: str | None = None,
        options: RequestOptions | None = None,
    ) -> Page[FineTuningEvent]:
        """One page of what happened in a job, newest first as far as seen (extension).

        :func:`~..types.jobs.training_curve.training_curve` makes the loss curve of them.
        """
        from zaguan_tui.client.types.jobs.fine_tuning import read_fine_tuning_events

        params = build_query(row.name, limit=limit, after=after)
        ids = {"job_id": job_id}
        return await self._read(row, read_fine_tuning_events, ids=ids, params=params, options=options)

    @endpoint("GET", "/v1/fine_tuning/jobs/{job_id}/checkpoints")
    async def list_fine_tuning_checkpoints(
        self,
        row: Endpoint,
        job_id: str,
        *,
        limit: int | None = None,
        after: str | None = None,
        options: RequestOptions | None = None,
    ) -> Page[FineTuningCheckpoint]:
        """One page of the usable states of a job's model, with their metrics (extension)."""
        from zaguan_tui.client.types.jobs.fine_tuning import read_fine_tuning_checkpoints

        params = build_query(row.name, limit=limit, after=after)
        ids = {"job_id": job_id}
        return await self._read(row, read_fine_tuning_checkpoints, ids=ids, params=params, options=options)

    async def wait_for_fine_tuning_job(
        self,
        job_id: str,
        *,
        on_update: OnUpdate[FineTuningJob] | None = None,
        patience: Patience | None = None,
        options: RequestOptions | None = None,
    ) -> FineTuningJob:
        """The job once it is over, whatever its end; see :meth:`~.batches.BatchEndpoints.wait_for_batch`."""
        return await wait_until(
            partial(self.get_fine_tuning_job, job_id, options=options),
            lambda job: job.is_over,
            clock=self._dispatcher.clock,
            patience=patience,
            on_update=on_update,
        )
