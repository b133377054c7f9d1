"""Output that cannot take a text: another encoding than UTF-8, a full disk, a closed pipe."""

from __future__ import annotations

import codecs
import io
import os
import sys

from zaguan_tui.cli.exit_codes import ExitCode

_UTF_8 = "utf-8"


class OutputError(Exception):
    """Standard output cannot be written to; the message is a sentence."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"The output cannot be written: {error.strerror or error}.")


def replace_unwritable() -> None:
    """Let characters that an output's encoding lacks be replaced, where Python would fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not is_utf8(stream):
            stream.reconfigure(errors="replace")


def is_utf8(stream: object) -> bool:
    """Whether ``stream`` can write every character; one without an encoding can."""
    encoding = getattr(stream, "encoding", None)
    if not isinstance(encoding, str):
        return True
    try:
        return codecs.lookup(encoding).name == _UTF_8
    except LookupError:
        return False


def write_out(text: str) -> None:
    """Write to standard output. Raises :class:`OutputError`, or ``BrokenPipeError`` when nobody reads on."""
    try:
        sys.stdout.write(text)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(error) from error


def flush_output(code: int) -> int:
    """Write what is still held back; the exit code is then ``code``. Raises as :func:`write_out` does."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(error) from error
    return code


def forget_output(code: ExitCode) -> int:
    """Let the interpreter's last flush go nowhere, so that it does not fail as well."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # a stream without a descriptor holds nothing back
        return code
    return code
