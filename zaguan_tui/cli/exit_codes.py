"""How the program ends: every exit code with its meaning, for the help text and for scripts."""

from __future__ import annotations

import enum
from collections.abc import Mapping


class ExitCode(enum.IntEnum):
    """Exit codes; they never change their meaning."""

    OK = 0
    INTERNAL = 1
    USAGE = 2
    NO_KEY = 3
    KEY_REFUSED = 4
    UNREACHABLE = 5
    TLS = 6
    NOT_A_GATEWAY = 7
    HUNG_UP = 129
    INTERRUPTED = 130
    TERMINATED = 143


EXIT_CODES: Mapping[int, str] = {
    ExitCode.OK: "all is well",
    ExitCode.INTERNAL: "an error of zaguan-tui itself; a crash report was written",
    ExitCode.USAGE: "the command line, the configuration or the terminal will not do",
    ExitCode.NO_KEY: "the gateway wants a key and none is set",
    ExitCode.KEY_REFUSED: "the gateway refuses the key",
    ExitCode.UNREACHABLE: "no answer: name not found, port closed, too slow, or the gateway fails (429, 5xx)",
    ExitCode.TLS: "no secure connection: certificate not trusted, or http and https mixed up",
    ExitCode.NOT_A_GATEWAY: "something answers, but no gateway: a web page, garbage, or the path is wrong",
    ExitCode.HUNG_UP: "the terminal was closed (SIGHUP)",
    ExitCode.INTERRUPTED: "interrupted by Ctrl+C",
    ExitCode.TERMINATED: "told to end (SIGTERM)",
}


def exit_code_table() -> str:
    """The codes as lines for the help text."""
    return "\n".join(f"  {int(code):>3}  {meaning}" for code, meaning in EXIT_CODES.items())
