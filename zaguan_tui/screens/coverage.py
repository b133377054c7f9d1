"""Which call of the catalogue is shown where: the table in the README is made from this.

python -m zaguan_tui.screens.coverage
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from zaguan_tui.client.catalogue.declare import CATALOGUE, list_implemented
from zaguan_tui.client.catalogue.endpoint import Endpoint
from zaguan_tui.screens.registry import get_screen_info

SHOWN_TODAY: Mapping[str, str] = {
    "chat_stream": "Playground",
    "messages_stream": "Playground",
    "count_tokens": "Playground",
    "realtime": "Playground",
    "list_models": "Playground",
    "get_capabilities": "Playground",
    "list_virtual_models": "Playground",
    "get_credits_balance": "header",
    "get_credits_history": "Playground",
    "get_provider_status": "Providers",
    "get_circuit_breaker_status": "Providers",
}
"""The client methods that state and screens call, and where one sees the answer."""

SCREEN_OF_SECTION = {
    "chat": "playground",
    "messages": "playground",
    "realtime": "playground",
    "models": "models",
    "capabilities": "models",
    "virtual_models": "models",
    "credits": "credits",
    "providers": "providers",
    "files": "jobs",
    "fine_tuning": "jobs",
    "batches": "jobs",
    "embeddings": "workbench",
    "audio": "workbench",
    "images": "workbench",
    "moderations": "workbench",
    "assistants": "assistants",
    "threads": "assistants",
    "runs": "assistants",
    "admin": "admin",
}
"""Where a call belongs that nothing shows yet, by section of the catalogue …"""

SCREEN_OF_PATH = {"/v1/messages/batches": "jobs", "/v1/messages/count_tokens": "workbench"}
"""… unless its path begins like one of these."""


def coverage_table() -> str:
    """The catalogue as a Markdown table: endpoint, client methods, where one sees it, priority."""
    from zaguan_tui.client.client import ZaguanClient

    built = list_implemented(ZaguanClient)
    lines = ["| endpoint | method | screen | priority |", "| --- | --- | --- | --- |"]
    for row in CATALOGUE:
        methods = ", ".join(f"`{name}`" if name in built else f"{name} (to come)" for name in row.names)
        lines.append(f"| {row.label} | {methods} | {_screen_words(row)} | {row.priority} |")
    return "\n".join(lines)


def _screen_words(row: Endpoint) -> str:
    """Where one sees it today, and the room that is to have it."""
    today = list(dict.fromkeys(SHOWN_TODAY[name] for name in row.names if name in SHOWN_TODAY))
    screen = get_screen_info(_planned_screen(row)).title
    return ", ".join([*today, *([] if screen in today else [f"{screen} (to come)"])])


def _planned_screen(row: Endpoint) -> str:
    by_path = (screen for path, screen in SCREEN_OF_PATH.items() if row.path.startswith(path))
    return next(by_path, SCREEN_OF_SECTION[row.section])


if __name__ == "__main__":
    sys.stdout.write(coverage_table() + "\n")
