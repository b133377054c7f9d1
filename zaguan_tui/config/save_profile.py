"""Writing to the configuration file: a gateway that was connected by hand, the theme that was chosen.

A gateway becomes a profile in the file, its key a file of its own.

The key file is readable by its owner alone; the configuration only names it. Both are written beside
themselves and moved into place, so a crash leaves the old file or the new one, never half of either.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Container
from pathlib import Path

from zaguan_tui.config.errors import ConfigError, ConfigProblem
from zaguan_tui.config.paths import Paths, format_path
from zaguan_tui.config.template import template

_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700
_FIRST_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
_THEME = re.compile(r"^[ \t]*theme[ \t]*=.*$|^#[ \t]?theme[ \t]*=.*$", re.MULTILINE)
"""The setting, or the line of the template that shows an example of it."""

_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")


def save_profile(paths: Paths, name: str, base_url: str, api_key: str) -> str:
    """Add a profile for ``base_url`` with ``api_key`` and return its name: ``name``, numbered if that is
    taken.

    A profile of that name and address is kept and only gets the new key. Everything else in the file stays
    as it is. Raises :class:`ConfigError` when the file is broken, ``OSError`` when something cannot be
    written.
    """
    file = paths.config_file.resolve()  # behind a symbolic link, so that the link survives
    text = _text_of(file)
    profiles = _profiles(text, file)
    known = profiles.get(name)
    if isinstance(known, dict) and known.get("base_url") == base_url and "api_key_file" in known:
        _write(file.parent / Path(str(known["api_key_file"])).expanduser(), api_key + "\n")
        return name
    chosen = _free_name(name, profiles)
    key_names = {key.stem for key in (file.parent / "keys").glob("*.key")}
    key_file = Path("keys") / f"{_free_name(_UNSAFE.sub('-', chosen), key_names)}.key"
    _write(file.parent / key_file, api_key + "\n")
    lines = [
        f"[profiles.{json.dumps(chosen)}]",
        f"base_url = {json.dumps(base_url)}",
        f"api_key_file = {json.dumps(key_file.as_posix())}",
    ]
    changed = "\n".join([text.rstrip("\n"), "", *lines, ""])
    _profiles(changed, file)  # the result must be readable before it replaces anything
    _write(file, changed)
    return chosen


def save_theme(paths: Paths, name: str) -> None:
    """Set ``theme`` in the configuration file; everything else in it stays as it is.

    Raises :class:`ConfigError` when the file is broken, ``OSError`` when it cannot be written.
    """
    file = paths.config_file.resolve()
    text = _text_of(file)
    table = _FIRST_TABLE.search(text)
    head, rest = (text[: table.start()], text[table.start() :]) if table else (text, "")
    line = f"theme = {json.dumps(name)}"
    changed, replaced = _THEME.subn(line, head, count=1)
    if not replaced:
        changed = f"{head.rstrip()}\n{line}\n\n".lstrip()
    changed += rest
    if _parse(changed, file, "the theme cannot be set").get("theme") != name:
        raise ConfigError(ConfigProblem(format_path(file), "the theme cannot be set; write it by hand."))
    _write(file, changed)


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return template()


def _profiles(text: str, file: Path) -> dict[str, object]:
    profiles = _parse(text, file, "no profile can be added").get("profiles", {})
    if not isinstance(profiles, dict):
        raise ConfigError(ConfigProblem(format_path(file), "no profile can be added: profiles is no table."))
    return profiles


def _parse(text: str, file: Path, failure: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = ConfigProblem(format_path(file), f"{failure}: {error}.")
        raise ConfigError(problem) from None


def _free_name(name: str, taken: Container[str]) -> str:
    number, candidate = 1, name
    while candidate in taken:
        number += 1
        candidate = f"{name}-{number}"
    return candidate


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE_FILE)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
