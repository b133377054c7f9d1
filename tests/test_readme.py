"""The README tells the truth: its tables are those of the program, its commands and pictures exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zaguan_tui.keys import ACTIONS
from zaguan_tui.screens.coverage import coverage_table
from zaguan_tui.screens.registry import ROOMS
from zaguan_tui.verbs.exits import EXIT_CODES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_coverage_table_is_the_catalogue() -> None:
    """Made anew with ``python -m zaguan_tui.screens.coverage``."""
    assert coverage_table() in README


@pytest.mark.parametrize("code", [int(code) for code in EXIT_CODES])
def test_every_exit_code_is_documented(code: int) -> None:
    assert re.search(rf"^\| {code} \| \S", README, re.MULTILINE)


def test_pictures_exist() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


def test_named_action_ids_exist() -> None:
    ids = {action.id for action in ACTIONS}
    named = set(re.findall(r'"((?:app|room|playground|providers)\.[a-z_]+)"', README))
    assert named
    assert named <= ids


def test_every_room_has_a_screen_or_a_promise() -> None:
    for room in ROOMS:
        module, _, name = room.screen.partition(":")
        path = ROOT / (module.replace(".", "/") + ".py")
        assert f"class {name}(" in path.read_text(encoding="utf-8")
        assert bool(room.promise) == module.endswith("to_come")
