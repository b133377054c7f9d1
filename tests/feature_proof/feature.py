"""The uptime screen, as a feature: a view of the providers with everything that a feature may have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from zaguan_tui.config import schema
from zaguan_tui.features.action import Action
from zaguan_tui.features.feature import Command, Feature


@dataclass(frozen=True, slots=True, kw_only=True)
class UptimeSettings:
    """How uptime is measured."""

    seconds: float = schema.number(20, "Seconds between two checks.", low=1, high=60)


_uptime = partial(Action, where="uptime")

UPTIME = Feature(
    name="uptime",
    title="Uptime",
    parent="providers",
    keys="alt+y",
    screen="feature_proof.screen:UptimeScreen",
    links=("uptime",),
    actions=(
        _uptime("uptime.note", "note", "n", "Note", "Write down the state of now."),
        _uptime("uptime.erase", "erase", "x", "Erase", "Erase the gateway's record.", danger=True),
    ),
    styles=(str(Path(__file__).with_name("uptime.tcss")),),
    help="Counts the checks of the gateway.",
    palette="feature_proof.state:list_palette_items",
    state="feature_proof.state:UptimeState",
    watches=("feature_proof.state:UptimeState",),
    settings=UptimeSettings,
    tables=(("CREATE TABLE uptime (at REAL NOT NULL, checks INTEGER NOT NULL)",),),
    calls=("list_files",),
    command=Command("uptime", "print the seconds between two checks", "feature_proof.command:show"),
)
