from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from zaguan_tui.config.connection import choose_connection
from zaguan_tui.config.errors import ConfigError
from zaguan_tui.config.keysources import resolve_key
from zaguan_tui.config.loader import load
from zaguan_tui.config.paths import Paths
from zaguan_tui.config.save_profile import save_profile, save_theme
from zaguan_tui.config.secrets import Secret
from zaguan_tui.config.template import template

KEY = "sk-kept-0123456789"
URL = "http://127.0.0.1:8787"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "config" / "config.toml", tmp_path / "data")


def test_what_is_remembered_is_opened_next_time(paths: Paths) -> None:
    assert save_profile(paths, "127.0.0.1:8787", URL, KEY) == "127.0.0.1:8787"
    connection = choose_connection(load(paths, {}), {})
    assert connection is not None
    assert (connection.profile.name, connection.base_url) == ("127.0.0.1:8787", URL)
    assert resolve_key(connection, "api_key", {}) == Secret(KEY)
    assert KEY not in paths.config_file.read_text()
    files = [file for file in paths.config_file.parent.rglob("*") if file.is_file()]
    assert len(files) == 2
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)


def test_the_rest_of_the_file_stays_and_a_link_survives(paths: Paths, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text('# mine\ntheme = "zaguan-day"\n[profiles.lab]\nbase_url = "http://127.0.0.1:1"')
    paths.config_file.parent.mkdir()
    paths.config_file.symlink_to(real)
    assert save_profile(paths, "lab", URL, KEY) == "lab-2"
    assert paths.config_file.is_symlink()
    assert real.read_text().startswith("# mine\n")
    loaded = load(paths, {})
    assert (loaded.settings.theme, list(loaded.settings.profiles)) == ("zaguan-day", ["lab", "lab-2"])


def test_the_same_gateway_only_gets_the_new_key(paths: Paths) -> None:
    save_profile(paths, "lab", URL, KEY)
    before = paths.config_file.read_text()
    assert save_profile(paths, "lab", URL, "sk-newer-0123456789") == "lab"
    assert paths.config_file.read_text() == before
    connection = choose_connection(load(paths, {}), {})
    assert connection is not None
    assert resolve_key(connection, "api_key", {}) == Secret("sk-newer-0123456789")


def test_names_that_look_alike_as_files_keep_their_own_keys(paths: Paths) -> None:
    for name in ("my lab", "my-lab", "my/lab"):
        save_profile(paths, name, URL, f"sk-{name.encode().hex()}")
    loaded = load(paths, {})
    for name in ("my lab", "my-lab", "my/lab"):
        connection = choose_connection(loaded, {}, profile=name)
        assert connection is not None
        assert resolve_key(connection, "api_key", {}) == Secret(f"sk-{name.encode().hex()}")


@pytest.mark.parametrize("text", ["theme = ", "profiles = 3\n", 'profiles = { a = { auth = "none" } }\n'])
def test_a_file_that_cannot_take_a_profile_is_left_alone(paths: Paths, text: str) -> None:
    paths.config_file.parent.mkdir()
    paths.config_file.write_text(text)
    with pytest.raises(ConfigError, match="no profile can be added"):
        save_profile(paths, "lab", URL, KEY)
    assert paths.config_file.read_text() == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", 'theme = "nord"\n\n'),
        ('theme = "zaguan-day"  # light\n', 'theme = "nord"\n'),
        ('# mine\n#theme = "zaguan-day"\n[prompt]\nenter = "send"\n', None),
        ('animation = "none"\n[profiles.theme]\nbase_url = "http://127.0.0.1:1"\n', None),
    ],
)
def test_a_theme_is_remembered_and_the_rest_stays(paths: Paths, before: str, after: str | None) -> None:
    paths.config_file.parent.mkdir()
    paths.config_file.write_text(before)
    settings = load(paths, {}).settings
    save_theme(paths, "nord")
    assert load(paths, {}).settings == replace(settings, theme="nord")
    if after is not None:
        assert paths.config_file.read_text() == after
    save_theme(paths, "zaguan-day")
    assert paths.config_file.read_text().count("theme = ") == 1


def test_the_first_theme_that_is_remembered_writes_the_commented_file(paths: Paths) -> None:
    save_theme(paths, "dracula")
    assert load(paths, {}).settings.theme == "dracula"
    assert paths.config_file.read_text().count("theme") == template().count("theme")


def test_a_broken_file_is_left_alone(paths: Paths) -> None:
    paths.config_file.parent.mkdir()
    paths.config_file.write_text("theme = \n[")
    with pytest.raises(ConfigError):
        save_theme(paths, "nord")
    assert paths.config_file.read_text() == "theme = \n["
