"""What goes on by itself after a restart: the jobs that had not ended."""

from __future__ import annotations

from zaguan_tui.sandbox.engine.shelf import Shelf
from zaguan_tui.sandbox.gateway import Gateway


def resume(gateway: Gateway, shelf: Shelf) -> None:
    """Let every unfinished job of the shelf run again."""
    from zaguan_tui.sandbox.batch_job import ENDED, BatchJob
    from zaguan_tui.sandbox.message_batch_job import MessageBatchJob

    for body in shelf.list("batch"):
        if body["status"] not in ENDED:
            gateway.spawn(BatchJob(gateway, shelf, body).run())
    for body in shelf.list("message batch"):
        if body["processing_status"] != "ended":
            gateway.spawn(MessageBatchJob(gateway, shelf, body).run())
