"""Reads the configuration: file, then environment, then command line, noting where each value came from.

Every problem is found in one reading and shown with file, line, key, what was there and the nearest valid
name. Unknown keys are problems too: a setting that is silently ignored is worse than none.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from zaguan_tui.config.errors import ConfigError, ConfigProblem, format_key, format_value
from zaguan_tui.config.lines import Key, key_lines
from zaguan_tui.config.nearest import nearest, suggest_name
from zaguan_tui.config.origins import Origin, Origins, Source
from zaguan_tui.config.paths import Paths, format_path
from zaguan_tui.config.schema import FromEnvironment, RejectedError, Rule
from zaguan_tui.config.settings import PollSettings, Profile, PromptSettings, Settings, feature_sections

_TOML_HINTS = {
    "invalid value": ' (a text needs quotes: theme = "zaguan-day")',
    "illegal character '\\n'": " (the quote that opens a text must be closed on the same line)",
    "cannot overwrite": " (the key or table stands there twice)",
    "cannot declare": " (the table stands there twice)",
}
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class LoadedConfig:
    """The settings of this run, the origin of each, and the paths they were read from."""

    settings: Settings
    origins: Origins
    paths: Paths
    found_file: bool = False


def load(
    paths: Paths, environ: Mapping[str, str], typed: Mapping[str, tuple[str, object]] | None = None
) -> LoadedConfig:
    """Read everything. ``typed`` maps a top-level setting to the command line's option and value.

    Raises :class:`ConfigError` with every problem found.
    """
    text = _read(paths)
    reading = _FileReading(format_path(paths.config_file), paths.config_file.parent)
    values: dict[str, Any] = {}
    if text is not None:
        table = _parse(text, reading.file)
        reading.lines = key_lines(text)
        values = reading.section(Settings, table, ())
    _apply_environment(values, environ, reading)
    for name, (option, value) in (typed or {}).items():
        values[name] = value
        reading.origins[name] = Origin(Source.COMMAND_LINE, option)
    if reading.problems:
        raise ConfigError(*reading.problems)
    sections = {type(own): own for name in feature_sections() if (own := values.pop(name, None)) is not None}
    return LoadedConfig(Settings(**values, sections=sections), reading.origins, paths, text is not None)


def rule_of(setting: Field[Any]) -> Rule | None:
    """The rule of a dataclass field, or ``None`` for a field that is not a setting."""
    rule = setting.metadata.get("rule")
    return rule if isinstance(rule, Rule) else None


def rules(cls: type[Any]) -> dict[str, Rule]:
    """The settings of a section, by name."""
    known = {setting.name: rule for setting in fields(cls) if (rule := rule_of(setting)) is not None}
    if cls is Settings:
        known |= {name: Rule(own.__doc__ or "", section=own) for name, own in feature_sections().items()}
    return known


def _read(paths: Paths) -> str | None:
    """The text of the file; ``None`` when there is none and none was asked for."""
    file = format_path(paths.config_file)
    try:
        return paths.config_file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        if not paths.config_named:
            return None
        problem = ConfigProblem(file, "there is no such file, though ZAGUAN_CONFIG names it.")
    except OSError as error:
        problem = ConfigProblem(file, f"cannot be read: {error.strerror}.")
    except UnicodeDecodeError as error:
        line = paths.config_file.read_bytes()[: error.start].count(b"\n") + 1
        problem = ConfigProblem(f"{file}:{line}", "is not UTF-8 text; save it as UTF-8.")
    raise ConfigError(problem)


def _parse(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason, line, column = _place_of(error, text)
    hint = next((hint_text for sign, hint_text in _TOML_HINTS.items() if reason.startswith(sign)), "")
    raise ConfigError(ConfigProblem(f"{file}:{line}:{column}", f"this is not TOML: {reason}{hint}."))


def _place_of(error: tomllib.TOMLDecodeError, text: str) -> tuple[str, int, int]:
    """What is wrong, and the line and column, which tomllib puts into the message only."""
    message = str(error)
    place = _PLACE.search(message)
    reason = _PLACE.sub("", message)
    reason = reason[:1].lower() + reason[1:]
    if place is not None and place[1]:
        return reason, int(place[1]), int(place[2])
    last_line = text.rpartition("\n")[2]
    return reason, text.count("\n") + 1, len(last_line) + 1


def _apply_environment(values: dict[str, Any], environ: Mapping[str, str], reading: _FileReading) -> None:
    for name, rule in rules(Settings).items():
        text = environ.get(rule.env, "").strip() if rule.env else ""
        if not rule.env or not text or rule.read is None:
            continue
        origin = Origin(Source.ENVIRONMENT, rule.env)
        try:
            values[name] = rule.read(FromEnvironment(text))
        except RejectedError as error:
            reading.problems.append(ConfigProblem.of(str(origin), "", text, error))
        reading.origins[name] = origin


@dataclass(slots=True)
class _FileReading:
    """One walk over the parsed file: collects problems and origins."""

    file: str
    folder: Path
    lines: dict[Key, int] = field(default_factory=dict)
    origins: Origins = field(default_factory=Origins)
    problems: list[ConfigProblem] = field(default_factory=list)

    def section(self, cls: type[Any], table: Mapping[str, object], path: Key) -> dict[str, Any]:
        """The checked values of ``table``, which must hold the settings of ``cls`` only."""
        known = rules(cls)
        values: dict[str, Any] = {}
        for name, raw in table.items():
            place = (*path, name)
            rule = known.get(name)
            if rule is None:
                self._unknown(place, raw, tuple(known))
                continue
            try:
                values[name] = self._value(rule, raw, place)
            except RejectedError as error:
                self._problem(place, raw, error)
            else:
                self.origins[".".join(place)] = self._origin(place)
        return values

    def _value(self, rule: Rule, raw: object, path: Key) -> Any:
        if rule.section is not None:
            return rule.section(**self.section(rule.section, _table(raw), path))
        if rule.each is not None:
            return {
                name: self._profile(rule.each, name, inner, (*path, name))
                for name, inner in _table(raw).items()
            }
        if rule.read is None:
            raise TypeError(f"the setting {'.'.join(path)} has no reader")
        value = rule.read(raw)
        if isinstance(value, dict):
            for name in value:
                self.origins[".".join((*path, name))] = self._origin((*path, name))
        return value

    def _profile(self, cls: type[Any], name: str, raw: object, path: Key) -> Any:
        values: dict[str, Any] = {}
        if isinstance(raw, Mapping):
            values = self.section(cls, raw, path)
        else:
            wants = f"[{path[0]}.NAME]"
            end = f"belongs under {wants}" if name in rules(cls) else f"must be a table of its own, {wants}"
            self._problem(path, raw, RejectedError(end))
        return cls(name=name, folder=self.folder, **values)

    def _unknown(self, path: Key, raw: object, known: tuple[str, ...]) -> None:
        name, inside = path[-1], ".".join(path[:-1])
        kind = f"setting of [{inside}]" if inside else "top-level setting"
        if name in ("api_key", "admin_key"):
            hint = f"no key belongs in this file; use {name}_env, {name}_command, {name}_file or keyring."
        else:
            home = next((where for where, cls in _HOMES.items() if name in rules(cls)), None)
            misplaced = home is not None and nearest(name, known) != name
            hint = f"it belongs {home}." if misplaced else suggest_name(name, known)
        key = ".".join(path)
        entry = (
            format_key(key) if isinstance(raw, Mapping) else f"{format_key(key)} = {format_value(key, raw)}"
        )
        self.problems.append(ConfigProblem(self._where(path), f"{entry} is not a {kind}; {hint}"))

    def _problem(self, path: Key, raw: object, error: RejectedError) -> None:
        if error.entry is not None and isinstance(raw, Mapping):
            path, raw = (*path, error.entry), raw[error.entry]
        self.problems.append(ConfigProblem.of(self._where(path), ".".join(path), raw, error))

    def _origin(self, path: Key) -> Origin:
        return Origin(Source.FILE, self.file, self.lines.get(path))

    def _where(self, path: Key) -> str:
        return str(self._origin(path))


_HOMES: Mapping[str, type[Any]] = {
    "under [profiles.NAME]": Profile,
    "under [poll]": PollSettings,
    "under [prompt]": PromptSettings,
    "at the top of the file": Settings,
}


def _table(raw: object) -> Mapping[str, object]:
    if not isinstance(raw, Mapping):
        raise RejectedError("must be a table")
    return raw
