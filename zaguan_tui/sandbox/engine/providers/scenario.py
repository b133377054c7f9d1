"""Scenarios: TOML files that say which provider fails how, from when until when."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from zaguan_tui.sandbox.config import SCENARIO_DIRECTORY, scenario_names
from zaguan_tui.sandbox.engine.providers.failures import FAILURES
from zaguan_tui.sandbox.engine.providers.request_faults import REFUSALS, STREAM_FAULTS


class ScenarioError(ValueError):
    """A scenario that cannot be used; the message names the file and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One fault of a scenario. Times are world seconds since the scenario began.

    It is in force from ``at`` until ``until`` (``None``: for good); with ``every`` and ``lasts`` only for the
    first ``lasts`` seconds of each period of ``every`` seconds, counted from ``at``. ``providers`` are ids,
    or ``*`` for all. Rates are shares of the calls, 0..1.
    """

    providers: tuple[str, ...] = ("*",)
    note: str = ""
    at: float = 0.0
    until: float | None = None
    every: float | None = None
    lasts: float | None = None
    slowdown: float = 1.0
    """Factor on the time to first token and on the gaps between tokens."""
    failure_rate: float = 0.0
    failure: str = "server"
    """Which failures: words of `failures.FAILURES`, one of them for each failing call."""
    failure_after_s: tuple[float, float] = (0.2, 0.8)
    """How long a failing call takes, drawn evenly between the two."""
    rate_limit_rate: float = 0.0
    """Share of the calls that the provider answers with 429."""
    retry_after_s: float = 20.0
    faults: tuple[str, ...] = ()
    """Faults of chat calls, by their names in the fault header (`request_faults.py`); one each time."""
    fault_rate: float = 1.0
    fault_after: tuple[float, float] = (2.0, 20.0)
    """Tokens before a stream is struck, or the pause a 429 asks for in seconds."""
    gateway_fault: str = ""
    """One of `GATEWAY_FAULTS`: what is wrong with the gateway itself while the step holds."""
    skew_seconds: float = 0.0
    """How far ``clock-skew`` puts the instants of answers off."""

    def in_force(self, elapsed: float) -> bool:
        """Whether the step holds ``elapsed`` seconds into the scenario."""
        if elapsed < self.at or (self.until is not None and elapsed >= self.until):
            return False
        if self.every is None or self.lasts is None:
            return True
        return (elapsed - self.at) % self.every < self.lasts

    def concerns(self, provider: str) -> bool:
        """Whether the step touches this provider."""
        return provider in self.providers or "*" in self.providers


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named sequence of steps."""

    name: str
    title: str
    description: str
    steps: tuple[Step, ...]


GATEWAY_FAULTS = frozenset(
    {"lying-health", "drifted-schema", "lost-page", "double-page"}
    | {"clock-skew", "ignored-admin", "shrinking-reload"}
)
"""Faults of the gateway itself while its providers are healthy."""
_STEP_KEYS = frozenset(item.name for item in fields(Step))


def load_scenario(name: str, directory: Path = SCENARIO_DIRECTORY) -> Scenario:
    """Read the scenario called ``name``. Raises `ScenarioError` for an unknown name or an unusable file."""
    if directory == SCENARIO_DIRECTORY and name not in scenario_names():
        names = ", ".join(scenario_names())
        raise ScenarioError(f"There is no scenario {name!r}; there are: {names}.")
    file = directory / f"{name}.toml"
    try:
        sheet = tomllib.loads(file.read_text(encoding="utf-8"))
        steps = tuple(_step(entry) for entry in sheet.get("step", []))
        return Scenario(name, str(sheet["title"]), str(sheet["description"]).strip(), steps)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ScenarioError(f"{file.name}: {error}") from error


def _step(entry: Mapping[str, object]) -> Step:
    unknown = set(entry) - _STEP_KEYS
    if unknown:
        raise ValueError(f"a step has no key {sorted(unknown)[0]!r}")
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    _refuse_unknown(entry)
    return Step(**values)  # type: ignore[arg-type]  # the files ship with the package and a test reads them all


def _refuse_unknown(entry: Mapping[str, object]) -> None:
    """Raise `ValueError` for a failure, fault or gateway fault that does not exist."""
    words: dict[str, tuple[Collection[str], Collection[str]]] = {
        "failure": (str(entry.get("failure", "server")).split(), FAILURES),
        "fault": (_words(entry.get("faults", [])), REFUSALS | STREAM_FAULTS),
        "gateway_fault": (
            _words([entry["gateway_fault"]] if "gateway_fault" in entry else []),
            GATEWAY_FAULTS,
        ),
    }
    for what, (used, allowed) in words.items():
        for word in used:
            if word not in allowed:
                raise ValueError(f"there is no {what} {word!r}")


def _words(value: object) -> list[str]:
    return [str(word) for word in value] if isinstance(value, list) else [str(value)]
