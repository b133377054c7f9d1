"""``zaguan-tui sandbox``: the local gateway on its own."""

from __future__ import annotations

import argparse

from zaguan_tui.sandbox.config import ConfigError, config_from
from zaguan_tui.verbs.exits import Exit
from zaguan_tui.verbs.run import Run


def serve(run: Run, args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    try:
        config = config_from(args)
    except ConfigError as error:
        run.talk(f"sandbox: {error}")
        return Exit.USAGE
    from zaguan_tui.sandbox.server import run as run_server

    return run_server(config)
