"""``zaguan-tui config show``: every value in force and where it came from; of secrets only whether they are
set.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from zaguan_tui.cli.exit_codes import ExitCode
from zaguan_tui.cli.invocation import Invocation
from zaguan_tui.cli.keymap import check_keys
from zaguan_tui.config.connection import Connection, choose_connection
from zaguan_tui.config.errors import escape_controls
from zaguan_tui.config.keysources import describe_key
from zaguan_tui.config.loader import LoadedConfig, load, rule_of
from zaguan_tui.config.origins import Origins
from zaguan_tui.config.paths import format_path
from zaguan_tui.config.schema import Rule
from zaguan_tui.config.secrets import looks_secret
from zaguan_tui.config.settings import feature_sections


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting: dotted key, value as it may be shown, and its origin in words."""

    key: str
    value: object
    origin: str


def show(run: Invocation, *, as_json: bool, profile: str | None, base_url: str | None) -> int:
    """Print the settings and the connection they lead to. Raises ``ConfigError`` for a broken file."""
    loaded = load(run.paths, run.environ)
    check_keys(loaded)
    connection = choose_connection(loaded, run.environ, profile=profile, base_url=base_url)
    settings = loaded.settings
    rows = [*_rows(settings, "", loaded.origins)]
    for name, cls in feature_sections().items():
        rows += _rows(settings.section(cls), f"{name}.", loaded.origins)
    rows += [*_connection_rows(connection, run.environ)]
    run.data(_as_json(rows, loaded) if as_json else _as_text(rows))
    if not as_json:
        missing = "" if loaded.found_file else " (not there yet: zaguan-tui config init writes one)"
        run.talk(f"Configuration file: {format_path(run.paths.config_file)}{missing}")
    return ExitCode.OK


def _rows(section: Any, prefix: str, origins: Origins) -> Iterator[SettingRow]:
    for setting in fields(section):
        rule = rule_of(setting)
        if rule is None:
            continue
        key, value = f"{prefix}{setting.name}", getattr(section, setting.name)
        if rule.section is not None:
            yield from _rows(value, f"{key}.", origins)
        elif rule.each is not None:
            for name, inner in value.items():
                yield from _rows(inner, f"{key}.{name}.", origins)
        elif rule.table and value:
            for name, entry in value.items():
                where = f"{key}.{name}"
                yield SettingRow(where, _shown(rule, entry), str(origins.of(where)))
        else:
            yield SettingRow(key, _shown(rule, value), str(origins.of(key)))


def _shown(rule: Rule, value: object) -> object:
    """``value`` if it may be seen: of commands the program's name, of headers nothing, of look-alikes
    nothing.
    """
    if not rule.secret or not value:
        if isinstance(value, str) and looks_secret(value):
            return "(not shown: it looks like a key)"
        return None if value == () or value == {} else value
    return f"{value[0]} …" if isinstance(value, tuple) and not looks_secret(value[0]) else "(set, not shown)"


def _connection_rows(connection: Connection | None, environ: Mapping[str, str]) -> Iterator[SettingRow]:
    if connection is None:
        yield SettingRow(
            "connection", None, "nothing is configured: zaguan-tui opens with the first-run screen"
        )
        return
    yield SettingRow("connection.profile", connection.profile.name, "in force")
    yield SettingRow("connection.base_url", connection.base_url, str(connection.origin))
    yield SettingRow("connection.api_key", describe_key(connection, "api_key", environ), "in force")
    yield SettingRow("connection.admin_key", describe_key(connection, "admin_key", environ), "in force")


def _as_text(rows: list[SettingRow]) -> str:
    cells = [(escape_controls(row.key), _cell(row.value), escape_controls(row.origin)) for row in rows]
    widths = [max(len(cell[column]) for cell in cells) for column in (0, 1)]
    return "\n".join(
        f"{key:<{widths[0]}}  {value:<{widths[1]}}  {origin}".rstrip() for key, value, origin in cells
    )


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape_controls(f"{value:g}" if isinstance(value, float) else str(value))


def _as_json(rows: list[SettingRow], loaded: LoadedConfig) -> str:
    return json.dumps(
        {
            "file": str(loaded.paths.config_file),
            "found": loaded.found_file,
            "values": {row.key: {"value": row.value, "origin": row.origin} for row in rows},
        },
        indent=2,
    )
