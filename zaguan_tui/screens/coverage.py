"""Which call of the catalogue is shown in which room: the table in the README is made from this.

python -m zaguan_tui.screens.coverage
"""

from __future__ import annotations

import sys

from zaguan_tui.client.catalogue import CATALOGUE, implemented
from zaguan_tui.screens.registry import room_named

ROOM_OF_SECTION = {
    "chat": "playground",
    "messages": "playground",
    "realtime": "playground",
    "models": "models",
    "capabilities": "models",
    "virtual_models": "models",
    "credits": "credits",
    "providers": "providers",
    "circuit_breaker": "providers",
    "files": "jobs",
    "fine_tuning": "jobs",
    "batches": "jobs",
    "message_batches": "jobs",
    "messages_batches": "jobs",
    "embeddings": "workbench",
    "audio": "workbench",
    "images": "workbench",
    "moderations": "workbench",
    "assistants": "assistants",
    "threads": "assistants",
    "runs": "assistants",
    "admin": "admin",
}


def coverage_table() -> str:
    """The catalogue as a Markdown table: endpoint, client methods, the screen it belongs to, priority."""
    from zaguan_tui.client.client import ZaguanClient

    built = implemented(ZaguanClient)
    lines = ["| endpoint | method | screen | priority |", "| --- | --- | --- | --- |"]
    for row in CATALOGUE:
        methods = ", ".join(f"`{name}`" if name in built else f"{name} (to come)" for name in row.names)
        room = room_named(ROOM_OF_SECTION[row.section])
        screen = f"{room.title} (to come)" if room.promise else room.title
        lines.append(f"| {row.label} | {methods} | {screen} | {row.priority} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(coverage_table() + "\n")
