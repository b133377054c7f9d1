"""The README tells the truth: its tables are those of the program, its commands and pictures exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from zaguan_tui.actions.registry import ACTIONS, check_keymap
from zaguan_tui.cli.exit_codes import EXIT_CODES
from zaguan_tui.client.catalogue.declare import CATALOGUE, method_names
from zaguan_tui.features.registry import FEATURES
from zaguan_tui.sandbox.config import scenario_names
from zaguan_tui.screens.coverage import coverage_table, screens_by_section, shown_calls

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_coverage_table_is_the_catalogue() -> None:
    """Made anew with ``python -m zaguan_tui.screens.coverage``."""
    assert coverage_table() in README


def test_what_is_shown_today_is_what_screens_and_state_call() -> None:
    """Each method by name, called or named to the door that calls it; protocols and comments are no call."""
    package = ROOT / "zaguan_tui"
    paths = [*package.glob("state/**/*.py"), *package.glob("screens/**/*.py")]
    sources = "".join(path.read_text(encoding="utf-8") for path in paths if path.name != "coverage.py")
    calling = r'(?:\b_?client|required\(\))\.{0}\(|\bcaller\("{0}"\)'
    called = {name for name in method_names() if re.search(calling.format(name), sources) is not None}
    assert called == set(shown_calls())


def test_every_section_of_the_catalogue_belongs_to_one_screen() -> None:
    assert {row.section for row in CATALOGUE} == set(screens_by_section())
    sections = [section for feature in FEATURES for section in feature.sections]
    assert len(sections) == len(set(sections))


def test_the_example_of_own_keys_works() -> None:
    (example,) = re.findall(r"```toml\n(\[keys\].*?)```", README, re.DOTALL)
    assert check_keymap(tomllib.loads(example)["keys"]) == []


def test_the_keys_named_for_each_place_are_its_default_keys() -> None:
    keys = {key for action in ACTIONS for key in action.keys.split(",")}
    spoken = {"esc": "escape", "?": "question_mark", "[": "left_square_bracket", "]": "right_square_bracket"}
    spoken |= {"/": "slash", ",": "comma", ".": "full_stop"}
    places = "|".join(["everywhere", *(feature.name for feature in FEATURES if feature.actions)])
    rows = re.findall(rf"^\| (?:{places}) \| (.+) \|$", README, re.MULTILINE)
    assert len(rows) == 5
    for name in re.findall(r"`([^`]+)`", " ".join(re.sub(r"\(.*?\)", "", row) for row in rows)):
        key = spoken.get(name, name if len(name) == 1 else name.lower())
        assert key in keys, name


def test_the_scenarios_named_exist() -> None:
    (line,) = re.findall(r"^Scenarios: (.+?);", README, re.MULTILINE)
    named = set(re.findall(r"`([a-z-]+)`", line))
    assert len(named) > 3
    assert named <= set(scenario_names())


@pytest.mark.parametrize("code", [int(code) for code in EXIT_CODES])
def test_every_exit_code_is_documented(code: int) -> None:
    assert re.search(rf"^\| {code} \| \S", README, re.MULTILINE)


def test_pictures_exist() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


def test_named_action_ids_exist() -> None:
    ids = {action.id for action in ACTIONS}
    named = set(re.findall(r'"([a-z_]+\.[a-z_]+)" =', README))
    assert named
    assert named <= ids


def test_every_feature_has_a_screen_or_a_promise() -> None:
    for feature in FEATURES:
        module, _, name = feature.screen.partition(":")
        path = ROOT / (module.replace(".", "/") + ".py")
        assert f"class {name}(" in path.read_text(encoding="utf-8")
        assert bool(feature.promise) == module.endswith("placeholder")
