"""What goes on by itself: jobs that a restart has interrupted, and the ends of fine-tuning jobs."""

from __future__ import annotations

from zaguan_tui.sandbox.engine.shelf import Body, Shelf
from zaguan_tui.sandbox.gateway import Gateway


def resume(gateway: Gateway, shelf: Shelf) -> None:
    """Let every unfinished job of the shelf run again."""
    from zaguan_tui.sandbox.batch_job import ENDED, BatchJob
    from zaguan_tui.sandbox.message_batch_job import MessageBatchJob
    from zaguan_tui.sandbox.run_job import RunJob
    from zaguan_tui.sandbox.tuning_jobs import republish

    republish(gateway, shelf)
    for body in shelf.list("batch"):
        if body["status"] not in ENDED:
            job = BatchJob(gateway, shelf, body)
            job.restore()
            gateway.spawn(job.run())
    for thread in shelf.list("thread"):
        for run in shelf.list(f"runs {thread['id']}"):
            if run["status"] in ("queued", "in_progress", "cancelling"):
                RunJob(gateway, shelf, run, _ignore).fail("server_error", "The gateway was restarted.")
    for body in shelf.list("message batch"):
        if body["processing_status"] != "ended":
            gateway.spawn(MessageBatchJob(gateway, shelf, body).run())


def _ignore(event: str, body: Body) -> None:
    """Nobody listens to the events of a run that a restart has interrupted."""


async def settle_tuning(gateway: Gateway, shelf: Shelf) -> None:
    """Do what the ends of fine-tuning jobs bring about."""
    from zaguan_tui.sandbox.tuning_jobs import settle

    await settle(gateway, shelf, gateway.clock.now().timestamp())
