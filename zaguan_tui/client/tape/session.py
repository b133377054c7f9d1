"""Record a session with a gateway into a file, and play it back without one.

::

    async with record(client, "session.jsonl") as recording:
        await recording.list_models()
    async with replay("session.jsonl") as player:
        await player.list_models()          # the same answer, no socket

Keys are taken off by value while the file is written; headers that hold secrets are masked whole. Bodies that
are streamed from disk (uploads) and realtime sessions are not on the tape. A key that a model spells out in
several chunks of a stream is not recognised.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from zaguan_tui.client.client import ZaguanClient
from zaguan_tui.client.dispatch.clock import Clock
from zaguan_tui.client.dispatch.options import ClientOptions
from zaguan_tui.client.dispatch.trace import Observer
from zaguan_tui.client.tape.format import TapeWriter, read_tape
from zaguan_tui.client.tape.player import TapePlayer


def record(client: ZaguanClient, path: str | Path) -> ZaguanClient:
    """A client like ``client``, on the same connections, whose exchanges are written to a new file ``path``.

    The file is readable by its owner alone, an existing one is overwritten. Closing the recording client
    closes the file and, as with :meth:`~.client.ZaguanClient.with_options`, the connections of both.
    Raises ``OSError`` when the file cannot be made.
    """
    return client.recorded(TapeWriter(Path(path), client.base_url))


def replay(
    path: str | Path,
    *,
    pace: float = 0.0,
    options: ClientOptions | None = None,
    observers: Sequence[Observer] = (),
    clock: Clock | None = None,
) -> ZaguanClient:
    """A client that gets its answers from the tape at ``path``, streams with their original pieces.

    ``pace`` 1 keeps the original rhythm, 0 waits for nothing. Raises :class:`~.errors.ArgumentError` for a
    file that is no tape.
    """
    tape = read_tape(path)
    clock = clock or Clock()
    client = ZaguanClient(tape.base_url, options=options, observers=observers, clock=clock)
    return client.over(TapePlayer(tape, clock, pace))
