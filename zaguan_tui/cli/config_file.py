"""``zaguan-tui config path`` and ``config init``: where the configuration is, and a first one."""

from __future__ import annotations

from zaguan_tui.cli.exit_codes import ExitCode
from zaguan_tui.cli.invocation import Invocation
from zaguan_tui.config.paths import format_path


def path(run: Invocation) -> int:
    """Print the path of the configuration file, whether it exists or not."""
    run.data(str(run.paths.config_file))
    if not run.paths.config_file.exists():
        run.talk("There is no such file yet; write a commented one with: zaguan-tui config init")
    return ExitCode.OK


def init(run: Invocation) -> int:
    """Write a commented configuration file that only its owner can read; never overwrite one."""
    from zaguan_tui.config.template import write_template

    file = run.paths.config_file
    shown = format_path(file)
    try:
        write_template(file)
    except FileExistsError:
        run.talk(f"{shown} exists already and is left as it is. Move it away for a fresh one.")
        return ExitCode.USAGE
    except OSError as error:
        run.talk(f"{shown} cannot be written: {error.strerror}. Set ZAGUAN_CONFIG to another file.")
        return ExitCode.USAGE
    run.data(str(file))
    run.talk("Written. Name your gateway under [profiles.work], then try: zaguan-tui check")
    return ExitCode.OK
