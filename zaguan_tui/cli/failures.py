"""Sentences and exit codes for exceptions that end a command."""

from __future__ import annotations

from zaguan_tui.cli.exit_codes import ExitCode
from zaguan_tui.cli.invocation import Invocation
from zaguan_tui.config.errors import ConfigError
from zaguan_tui.config.keysources import KeyProblemError


def explain_failure(error: Exception, run: Invocation) -> int:
    """Print why a command ended, and return its exit code: a problem of the configuration or of a key in
    its own words, anything else as a fault of the program, with a crash report.
    """
    if isinstance(error, ConfigError):
        run.talk("\n".join(map(str, error.problems)))
        return ExitCode.USAGE
    if isinstance(error, KeyProblemError):
        run.talk(f"{error.sentence}\n{error.next_step}")
        return ExitCode.USAGE
    from zaguan_tui.app.crash_report import write_crash_report  # here: it loads the redactor of the client

    try:
        report = f"A report without secrets is in {write_crash_report(error, run.paths, run.redactor)}"
    except OSError as unwritable:
        report = f"No report could be written: {unwritable.strerror}."
    run.talk(f"zaguan-tui failed by its own fault ({type(error).__name__}). {report}")
    return ExitCode.INTERNAL
