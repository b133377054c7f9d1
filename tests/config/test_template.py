from __future__ import annotations

import re
import stat
from dataclasses import fields
from pathlib import Path

import pytest

from zaguan_tui.config.loader import rule_of, rules
from zaguan_tui.config.settings import PollSettings, Profile, PromptSettings, Settings
from zaguan_tui.config.template import template, write_template

from .conftest import LoadText


def test_the_template_as_written_changes_nothing(load_text: LoadText) -> None:
    assert load_text(template()).settings == load_text("").settings


def test_every_example_in_the_template_is_valid(load_text: LoadText) -> None:
    uncommented = re.sub(r"^#(?=[\[\w])", "", template(), flags=re.MULTILINE)
    settings = load_text(uncommented).settings
    assert settings.profiles["work"].headers == {"X-Team": "search"}
    assert settings.poll == PollSettings()


def test_every_setting_has_a_rule_help_and_a_place_in_the_template() -> None:
    text = template()
    for cls in (Settings, Profile, PollSettings, PromptSettings):
        for name, rule in rules(cls).items():
            assert rule.about.endswith("."), name
            assert re.search(rf"^#?\[?{name}\b", text, re.MULTILINE), name
    unruled = {setting.name for setting in fields(Profile) if rule_of(setting) is None}
    assert unruled == {"name", "folder"}


def test_it_is_written_for_its_owner_alone_and_never_over_another(tmp_path: Path) -> None:
    file = tmp_path / "new" / "config.toml"
    write_template(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    with pytest.raises(FileExistsError):
        write_template(file)
