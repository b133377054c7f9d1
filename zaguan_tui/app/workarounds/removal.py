"""Removing widgets is finished even when whoever waits for it is cancelled.

Textual waits for the message loops of the removed widgets with ``gather``, which passes a cancellation on to
them: a worker that is cancelled while it removes a part leaves half-removed widgets behind, and the app ends
with ``CancelledError`` when it is closed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator

from textual._callback import invoke
from textual.await_remove import AwaitRemove

_removals: set[asyncio.Task[None]] = set()


def _await_shielded(removal: AwaitRemove) -> Generator[None, None, None]:
    current = asyncio.current_task()
    loops = [task for task in removal._tasks if task is not current]

    async def finish() -> None:
        await asyncio.gather(*loops)
        if removal._post_remove is not None:
            await invoke(removal._post_remove)

    removing = asyncio.create_task(finish())
    _removals.add(removing)
    removing.add_done_callback(_removals.discard)
    return asyncio.shield(removing).__await__()


def shield_removal() -> None:
    """Make every removal of widgets safe to cancel."""
    AwaitRemove.__await__ = _await_shielded  # type: ignore[method-assign, assignment]
