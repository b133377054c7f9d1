"""Run the sandbox alone: ``python -m zaguan_tui.sandbox --port 8787``."""

from __future__ import annotations

import argparse
import sys

from zaguan_tui.sandbox.config import ConfigError, add_arguments, make_config


def main(argv: list[str] | None = None) -> int:
    """Parse the flags and serve until told to stop; exit code 2 means it could not start."""
    parser = argparse.ArgumentParser(prog="python -m zaguan_tui.sandbox", description=__doc__)
    add_arguments(parser)
    args = parser.parse_args(argv)
    try:
        config = make_config(args)
    except ConfigError as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 2
    from zaguan_tui.sandbox.http.server import run  # here, so that --help stays quick

    return run(config)


if __name__ == "__main__":
    raise SystemExit(main())
