"""What goes on by itself: jobs that a restart has interrupted, and the ends of fine-tuning jobs."""

from __future__ import annotations

from zaguan_tui.sandbox.engine.shelf import Shelf
from zaguan_tui.sandbox.gateway import Gateway


def resume(gateway: Gateway, shelf: Shelf) -> None:
    """Let every unfinished job of the shelf run again."""
    from zaguan_tui.sandbox.batch_job import ENDED, BatchJob
    from zaguan_tui.sandbox.message_batch_job import MessageBatchJob
    from zaguan_tui.sandbox.tuning_jobs import republish

    republish(gateway, shelf)
    for body in shelf.list("batch"):
        if body["status"] not in ENDED:
            gateway.spawn(BatchJob(gateway, shelf, body).run())
    for thread in shelf.list("thread"):
        for run in shelf.list(f"runs {thread['id']}"):
            if run["status"] in ("queued", "in_progress", "cancelling"):
                run["last_error"] = {"code": "server_error", "message": "The gateway was restarted."}
                run["status"] = "failed"
                shelf.put(f"runs {thread['id']}", run)
    for body in shelf.list("message batch"):
        if body["processing_status"] != "ended":
            gateway.spawn(MessageBatchJob(gateway, shelf, body).run())


async def settle_tuning(gateway: Gateway, shelf: Shelf) -> None:
    """Do what the ends of fine-tuning jobs bring about."""
    from zaguan_tui.sandbox.tuning_jobs import settle

    await settle(gateway, shelf)
