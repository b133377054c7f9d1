"""Resume the jobs that a restart has interrupted."""

from __future__ import annotations

from zaguan_tui.sandbox.engine.ledger.object_store import Body, ObjectStore
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.jobs.batch_job import ENDED, BatchJob
from zaguan_tui.sandbox.jobs.message_batch_job import MessageBatchJob
from zaguan_tui.sandbox.jobs.run_job import RunJob
from zaguan_tui.sandbox.jobs.tuning_jobs import republish


def resume_jobs(gateway: Gateway, object_store: ObjectStore) -> None:
    """Run every unfinished job of the object store again."""
    republish(gateway, object_store)
    for body in object_store.list("batch"):
        if body["status"] not in ENDED:
            job = BatchJob(gateway, object_store, body)
            job.restore()
            gateway.spawn(job.run())
    for thread in object_store.list("thread"):
        for run in object_store.list(f"runs {thread['id']}"):
            if run["status"] in ("queued", "in_progress", "cancelling"):
                RunJob(gateway, object_store, run, _ignore_event).fail(
                    "server_error", "The gateway was restarted."
                )
    for body in object_store.list("message batch"):
        if body["processing_status"] != "ended":
            gateway.spawn(MessageBatchJob(gateway, object_store, body).run())


def _ignore_event(event: str, body: Body) -> None:
    """The events of a run that a restart has interrupted have no reader."""
