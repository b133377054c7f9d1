"""The commented configuration file that ``zaguan-tui config init`` writes, made from the rules themselves."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any

from zaguan_tui.config.loader import rule_of
from zaguan_tui.config.schema import Rule
from zaguan_tui.config.settings import Settings, feature_sections

_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700
_HEAD = """\
# Settings of zaguan-tui. A setting behind a # shows its default or an example: take the # away to change it.
# Environment variables win over this file, options on the command line over both;
# `zaguan-tui config show` tells where each value comes from. No key belongs in this file."""


def template() -> str:
    """The text of a fresh configuration file: every setting, its help, and its default or an example."""
    plain, tables = [], []
    for setting in fields(Settings):
        rule = rule_of(setting)
        if rule is None:
            continue
        nested = rule.section or rule.each
        if nested is None and rule.table:
            tables += ["", *_comment(rule), f"[{setting.name}]"]
        elif nested is None:
            plain += ["", *_entry(setting, rule)]
        else:
            name = f"{setting.name}.work" if rule.each else setting.name
            mark = "#" if rule.each else ""
            tables += ["", *_comment(rule), f"{mark}[{name}]", *_entries(nested)]
    for name, cls in feature_sections().items():
        tables += ["", f"# {cls.__doc__}", f"[{name}]", *_entries(cls)]
    return "\n".join([_HEAD, *plain, *tables]) + "\n"


def write_template(file: Path) -> None:
    """Write the template, readable by its owner alone. Raises ``FileExistsError`` rather than overwrite."""
    file.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(template())


def _entries(cls: type[Any]) -> Iterator[str]:
    for setting in fields(cls):
        rule = rule_of(setting)
        if rule is not None:
            yield from _entry(setting, rule)


def _entry(setting: Field[Any], rule: Rule) -> list[str]:
    default = None if setting.default is MISSING else setting.default
    if rule.table:
        value = f"{{ {rule.example} }}"
    elif default is None or default == ():
        value = json.dumps(rule.example)
    else:
        value = json.dumps(int(default) if isinstance(default, float) and default.is_integer() else default)
    if isinstance(default, type(None)) and rule.numeric:
        value = rule.example
    return [*_comment(rule), f"#{setting.name} = {value}"]


def _comment(rule: Rule) -> list[str]:
    overridden = f" Overridden by {rule.env}." if rule.env else ""
    return [f"# {rule.about}{overridden}"]
