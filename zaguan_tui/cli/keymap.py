"""``zaguan-tui keys``: every action with its id and keys; and the check of the file's ``[keys]`` table."""

from __future__ import annotations

import json

from zaguan_tui.cli.exit_codes import ExitCode
from zaguan_tui.cli.invocation import Invocation
from zaguan_tui.config.errors import ConfigError, ConfigProblem, escape_controls
from zaguan_tui.config.loader import LoadedConfig, load


def check_keys(loaded: LoadedConfig) -> None:
    """Raise ``ConfigError`` for unknown action ids and keys, empty keys and clashes, each with its line."""
    if not loaded.settings.keys:
        return
    from zaguan_tui.actions.registry import check_keymap

    problems = check_keymap(loaded.settings.keys)
    if problems:
        raise ConfigError(
            *(
                ConfigProblem(str(loaded.origins.of(f"keys.{problem.action_id}")), problem.sentence)
                for problem in problems
            )
        )


def show_keys(run: Invocation, *, as_json: bool) -> int:
    """Print the actions with the keys in force, the user's own included."""
    from zaguan_tui.actions.registry import ACTIONS

    loaded = load(run.paths, run.environ)
    check_keys(loaded)
    own = loaded.settings.keys
    rows = [
        {
            "id": action.id,
            "keys": own.get(action.id, action.keys),
            "default": action.keys,
            "where": action.where,
            "danger": action.danger,
            "title": action.title,
            "help": action.help,
        }
        for action in ACTIONS
    ]
    if as_json:
        run.data(json.dumps(rows, indent=2))
        return ExitCode.OK
    width = max(len(action.id) for action in ACTIONS)
    keys_width = max(len(str(row["keys"])) for row in rows)
    where_width = max(len(action.where) for action in ACTIONS)
    for row in rows:
        mark = "  (changes the gateway)" if row["danger"] else ""
        remapped = "" if row["keys"] == row["default"] else f"  (default: {row['default']})"
        keys = escape_controls(str(row["keys"]))
        line = f"{row['id']:<{width}}  {keys:<{keys_width}}  {row['where']:<{where_width}}  {row['help']}"
        run.data(f"{line}{mark}{remapped}")
    run.talk('Remap in the configuration file: [keys] "app.quit" = "ctrl+q,f11"')
    return ExitCode.OK
