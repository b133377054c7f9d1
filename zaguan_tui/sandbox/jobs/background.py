"""What goes on by itself: jobs that a restart has interrupted, and the ends of fine-tuning jobs."""

from __future__ import annotations

from zaguan_tui.sandbox.engine.ledger.object_store import Body, ObjectStore
from zaguan_tui.sandbox.gateway import Gateway


def resume_jobs(gateway: Gateway, object_store: ObjectStore) -> None:
    """Let every unfinished job of the shelf run again."""
    from zaguan_tui.sandbox.jobs.batch_job import ENDED, BatchJob
    from zaguan_tui.sandbox.jobs.message_batch_job import MessageBatchJob
    from zaguan_tui.sandbox.jobs.run_job import RunJob
    from zaguan_tui.sandbox.jobs.tuning_jobs import republish

    republish(gateway, object_store)
    for body in object_store.list("batch"):
        if body["status"] not in ENDED:
            job = BatchJob(gateway, object_store, body)
            job.restore()
            gateway.spawn(job.run())
    for thread in object_store.list("thread"):
        for run in object_store.list(f"runs {thread['id']}"):
            if run["status"] in ("queued", "in_progress", "cancelling"):
                RunJob(gateway, object_store, run, _ignore).fail("server_error", "The gateway was restarted.")
    for body in object_store.list("message batch"):
        if body["processing_status"] != "ended":
            gateway.spawn(MessageBatchJob(gateway, object_store, body).run())


def _ignore(event: str, body: Body) -> None:
    """Nobody listens to the events of a run that a restart has interrupted."""


async def settle_tuning(gateway: Gateway, object_store: ObjectStore) -> None:
    """Do what the ends of fine-tuning jobs bring about."""
    from zaguan_tui.sandbox.jobs.tuning_jobs import settle_jobs

    await settle_jobs(gateway, object_store, gateway.clock.now().timestamp())
