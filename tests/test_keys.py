"""The registry of actions: keys that clash, keys there are not, and remaps that really work."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from textual.keys import Keys, _character_to_key

import zaguan_tui
from zaguan_tui.actions.key_names import CHARACTERS, explain_unusable_key, key_label
from zaguan_tui.actions.registry import (
    ACTIONS,
    TEXT_FIELDS,
    check_keymap,
    complete_keymap,
    keys_of,
)
from zaguan_tui.config.template import template
from zaguan_tui.features.registry import FEATURES

PACKAGE = Path(zaguan_tui.__file__).parent
NEVER_SENT = {"return", "ctrl-at", "<any>", "<scroll-up>", "<scroll-down>", "<ignore>"}
OWN = {action.id: action for action in ACTIONS}


def told(**keymap: str) -> list[str]:
    return [
        problem.sentence for problem in check_keymap({k.replace("__", "."): v for k, v in keymap.items()})
    ]


def test_the_keys_that_ship_are_well() -> None:
    assert check_keymap({action.id: action.keys for action in ACTIONS}) == []


@pytest.mark.parametrize(
    "key", sorted({key.value for key in Keys} - NEVER_SENT - {f"ctrl+shift+{digit}" for digit in range(10)})
)
def test_every_key_textual_names_is_a_key(key: str) -> None:
    assert explain_unusable_key(key) is None


def test_characters_are_named_as_textual_names_them() -> None:
    assert {_character_to_key(character): character for character in CHARACTERS.values()} == CHARACTERS


@pytest.mark.parametrize(
    "key", ["x", "X", "?", "+", "é", "f24", "alt+1", "ctrl+slash", "alt+ctrl+x", "ctrl+@"]
)
def test_keys_that_are(key: str) -> None:
    assert explain_unusable_key(key) is None


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("esc", "escape"),
        ("Escape", "escape"),
        ("ctrl+esc", "ctrl+escape"),
        ("control+x", "ctrl+x"),
        ("ctrl+X", "ctrl+x"),
        ("ctl+x", "ctrl+x"),
        ("shift+ctrl+up", "ctrl+shift+up"),
        ("ctrl+/", "ctrl+slash"),
        ("shift+a", "A"),
        ("page_down", "pagedown"),
        ("F5", "f5"),
        ("qestion_mark", "question_mark"),
    ],
)
def test_a_key_there_is_not_is_answered_with_the_nearest(key: str, near: str) -> None:
    assert told(app__quit=key) == [f"There is no key {key!r}. Did you mean {near}?"]


@pytest.mark.parametrize("key", ["ctrl+banana", "banana", "ctrl+", "ctrl+ctrl+", "f25"])
def test_a_key_far_from_any_is_told(key: str) -> None:
    assert len(sentences := told(app__quit=key)) == 1
    assert sentences[0].startswith(f"There is no key {key!r}.")


def test_no_key_and_no_action() -> None:
    assert told(app__quit=" , ") == ["app.quit has no key."]
    assert told(tabel__down="n") == ["There is no action 'tabel.down'. Did you mean table.down?"]


@pytest.mark.parametrize(
    ("action", "key", "other"),
    [
        ("app.quit", "ctrl+q,f12", "room.overview"),
        ("playground.send", "ctrl+o", "playground.model"),
        ("playground.model", "ctrl+d", "playground.send"),
        ("app.theme", "ctrl+o", "playground.model"),
        ("app.alerts", "?", "app.help"),
        ("table.down", "s", "providers.sort"),
        ("providers.sort", "j", "table.down, providers.detail"),
        ("confirm.yes", "ctrl+q", "app.quit"),
        ("answer.fold", "j", "transcript.down"),
    ],
)
def test_a_clash_is_told(action: str, key: str, other: str) -> None:
    (problem,) = check_keymap({action: key})
    assert problem.action_id == action
    assert "is already used by" in problem.sentence
    assert other.partition(",")[0] in problem.sentence


@pytest.mark.parametrize(
    ("action", "key"),
    [
        ("playground.stop", "escape,ctrl+x"),
        ("providers.sort", "ctrl+o"),
        ("confirm.yes", "a"),
        ("picker.close", "ctrl+o"),
        ("table.down", "n"),
        ("playground.leave", "escape"),
    ],
)
def test_no_clash_where_both_are_never_heard_at_once(action: str, key: str) -> None:
    assert check_keymap({action: key}) == []


def test_swapping_two_keys_is_no_clash_and_one_key_for_two_is_told_once() -> None:
    assert told(providers__sort="r", providers__refresh="s") == []
    assert told(providers__sort="x", providers__refresh="x") == [
        "The key 'x' is already used by providers.refresh."
    ]


@pytest.mark.parametrize("where", sorted(TEXT_FIELDS))
def test_a_letter_is_typed_where_one_writes(where: str) -> None:
    action = next(action for action in ACTIONS if action.where == where)
    (problem,) = check_keymap({action.id: "Q"})
    assert problem.sentence == f"The key 'Q' is typed as text where {action.id} works."


def test_an_action_that_shares_a_key_keeps_it() -> None:
    assert complete_keymap({"playground.stop": "ctrl+x", "app.quit": "f20"}) == {
        "playground.stop": "ctrl+x",
        "playground.leave": "escape",
        "app.quit": "f20",
    }


def test_keys_of_a_person() -> None:
    assert keys_of(OWN["app.help"], {}) == ("f1", "question_mark")
    assert keys_of(OWN["app.help"], {"app.help": " f1 , ?"}) == ("f1", "question_mark")
    assert [key_label(key) for key in ("question_mark", "escape", "ctrl+o")] == ["?", "esc", "ctrl+o"]


def test_rooms_with_shared_widgets_are_known() -> None:
    for widget, name in (("table", "LiveTable"), ("filter", "FilterBar")):
        rooms = {
            path.relative_to(PACKAGE / "screens").parts[0].replace("chat", "playground")
            for path in (PACKAGE / "screens").rglob("*/*.py")
            if f"import {name}" in path.read_text(encoding="utf-8")
        }
        assert rooms == {feature.name for feature in FEATURES if widget in feature.widgets}


def test_the_example_in_the_first_file_works() -> None:
    examples = re.findall(r'"([a-z_]+\.[a-z_]+)" = "([^"]+)"', template())
    assert examples
    assert check_keymap(dict(examples)) == []


def test_every_binding_with_an_id_is_made_by_the_registry() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Binding":
                named = any(keyword.arg == "id" for keyword in node.keywords)
                assert not named or path == PACKAGE / "actions" / "registry.py", path
