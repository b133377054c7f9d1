"""``zaguan-tui sandbox``: the local gateway on its own."""

from __future__ import annotations

import argparse

from zaguan_tui.cli.exit_codes import ExitCode
from zaguan_tui.cli.invocation import Invocation
from zaguan_tui.sandbox.config import ConfigError, make_config


def serve(run: Invocation, args: argparse.Namespace) -> int:
    """Serve until it is stopped."""
    try:
        config = make_config(args)
    except ConfigError as error:
        run.talk(f"sandbox: {error}")
        return ExitCode.USAGE
    from zaguan_tui.sandbox.http.server import run as run_server

    return run_server(config)
