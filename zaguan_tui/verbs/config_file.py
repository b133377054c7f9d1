"""``zaguan-tui config path`` and ``config init``: where the configuration is, and a first one."""

from __future__ import annotations

from zaguan_tui.config.paths import shown_path
from zaguan_tui.verbs.exits import Exit
from zaguan_tui.verbs.run import Run


def path(run: Run) -> int:
    """Print the path of the configuration file, whether it exists or not."""
    run.data(str(run.paths.config_file))
    if not run.paths.config_file.exists():
        run.talk("There is no such file yet; write a commented one with: zaguan-tui config init")
    return Exit.OK


def init(run: Run) -> int:
    """Write a commented configuration file that only its owner can read; never overwrite one."""
    from zaguan_tui.config.template import write_template

    file = run.paths.config_file
    shown = shown_path(file)
    try:
        write_template(file)
    except FileExistsError:
        run.talk(f"{shown} exists already and is left as it is. Move it away for a fresh one.")
        return Exit.USAGE
    except OSError as error:
        run.talk(f"{shown} cannot be written: {error.strerror}. Set ZAGUAN_CONFIG to another file.")
        return Exit.USAGE
    run.data(str(file))
    run.talk("Written. Name your gateway under [profiles.work], then try: zaguan-tui check")
    return Exit.OK
