"""Which call of the catalogue is shown where: the table in the README is made from the features.

python -m zaguan_tui.screens.coverage
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from zaguan_tui.client.catalogue.declare import CATALOGUE, list_implemented
from zaguan_tui.client.catalogue.endpoint import Endpoint
from zaguan_tui.features.feature import Feature
from zaguan_tui.features.registry import FEATURES, get_feature

HEADER_CALLS = ("get_credits_balance",)
"""The client methods whose answers every screen shows in its header."""


def shown_calls() -> Mapping[str, str]:
    """The client methods that state and screens call, and the screen that shows the answer."""
    shown = {name: _screen_of(feature).title for feature in FEATURES for name in feature.calls}
    return shown | dict.fromkeys(HEADER_CALLS, "header")


def screens_by_section() -> Mapping[str, str]:
    """The sections of the catalogue, and the title of the screen that each belongs to."""
    return {section: _screen_of(feature).title for feature in FEATURES for section in feature.sections}


def coverage_table() -> str:
    """The catalogue as a Markdown table: endpoint, client methods, where one sees it, priority."""
    from zaguan_tui.client.client import ZaguanClient

    built = list_implemented(ZaguanClient)
    lines = ["| endpoint | method | screen | priority |", "| --- | --- | --- | --- |"]
    for row in CATALOGUE:
        methods = ", ".join(f"`{name}`" if name in built else f"{name} (to come)" for name in row.names)
        lines.append(f"| {row.label} | {methods} | {_screen_words(row)} | {row.priority} |")
    return "\n".join(lines)


def _screen_words(row: Endpoint) -> str:
    """Where one sees it today, and the screen that is to have it."""
    shown = shown_calls()
    today = list(dict.fromkeys(shown[name] for name in row.names if name in shown))
    screen = _planned_screen(row)
    return ", ".join([*today, *([] if screen in today else [f"{screen} (to come)"])])


def _planned_screen(row: Endpoint) -> str:
    by_path = (
        _screen_of(feature).title
        for feature in FEATURES
        if any(row.path.startswith(path) for path in feature.paths)
    )
    return next(by_path, "") or screens_by_section()[row.section]


def _screen_of(feature: Feature) -> Feature:
    """The screen itself, or the one a view belongs to."""
    return get_feature(feature.parent) if feature.parent else feature


if __name__ == "__main__":
    sys.stdout.write(coverage_table() + "\n")
