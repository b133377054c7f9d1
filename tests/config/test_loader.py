from __future__ import annotations

from pathlib import Path

import pytest

from zaguan_tui.config.errors import ConfigError
from zaguan_tui.config.loader import load
from zaguan_tui.config.origins import Source
from zaguan_tui.config.paths import Paths, find_paths

from .conftest import LoadText

BROKEN = [
    ("theme = 5", "1: theme = 5 must be a text in quotes."),
    ('them = "x"', '1: them = "x" is not a top-level setting; did you mean theme?'),
    ('THEME = "x"', '1: THEME = "x" is not a top-level setting; did you mean theme?'),
    ('theme = ""', '1: theme = "" is empty: give a text, or leave the line out.'),
    (
        'animation = "ful"',
        '1: animation = "ful" must be one of "none", "basic", "full"; did you mean "full"?',
    ),
    ('read_only = "yes"', '1: read_only = "yes" must be true or false.'),
    ("\n\n[poll]\nproviders = 0", "4: poll.providers = 0 must be a number from 1 to 3600."),
    ("[poll]\nproviders = true", "2: poll.providers = true must be a number from 1 to 3600."),
    ("[poll]\nproviders = nan", "2: poll.providers = NaN must be a number from 1 to 3600."),
    ("[poll]\nprovider = 3", "2: poll.provider = 3 is not a setting of [poll]; did you mean providers?"),
    (
        "[prompt]\nenter = 'Send'",
        '2: prompt.enter = "Send" must be one of "send", "newline"; did you mean "send"?',
    ),
    ("prompt = 3", "1: prompt = 3 must be a table."),
    (
        'base_url = "https://x"',
        '1: base_url = "https://x" is not a top-level setting; it belongs under [profiles.NAME].',
    ),
    ("[profile.x]\nauth = 'none'", "1: profile is not a top-level setting; did you mean profiles?"),
    ("[profiles]\nauth = 'none'", '2: profiles.auth = "none" belongs under [profiles.NAME].'),
    ("[profiles]\nwork = 3", "2: profiles.work = 3 must be a table of its own, [profiles.NAME]."),
    (
        '[profiles.a]\nbase_url = "api.zaguan.ai"',
        '2: profiles.a.base_url = "api.zaguan.ai" must start with https:// (or http:// on this machine);'
        ' did you mean "https://api.zaguan.ai"?',
    ),
    (
        "[profiles.a]\n\nbase_ulr = 'https://x'",
        '3: profiles.a.base_ulr = "https://x" is not a setting of [profiles.a]; did you mean base_url?',
    ),
    (
        "[profiles.a]\nbase_url = 'https://x:port'",
        '2: profiles.a.base_url = "https://x:port" is not an address:',
    ),
    ('[keys]\n# mine\n"app.quit" = 5', "3: keys.app.quit = 5 must be a text in quotes."),
    ("a = 1\na = 2", "2:6: this is not TOML: cannot overwrite a value"),
    ("theme = night", "1:9: this is not TOML: invalid value (a text needs quotes"),
    ('theme = "night\n', "1:15: this is not TOML: illegal character '\\n' (the quote that opens"),
    ("keys = [1,\n2", "2:2: this is not TOML: unclosed array."),
    ('"\\u001b[31mx" = 1', "1: \\x1b[31mx = 1 is not a top-level setting"),
]


@pytest.mark.parametrize(("text", "sentence"), BROKEN, ids=[text.splitlines()[-1] for text, _ in BROKEN])
def test_a_broken_file_is_told_with_file_line_key_value_and_nearest(
    load_text: LoadText, tmp_path: Path, text: str, sentence: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load_text(text)
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{tmp_path / 'config.toml'}:{sentence}")


SECRET = "sk-live-4f9a8b7c6d5e4f3a2b1c"
HIDDEN = [
    f'[profiles.a]\napi_key = "{SECRET}"',
    f'[profiles.a]\napi_key_env = "{SECRET}"',
    f'[profiles.a]\ntoken = "{SECRET}"',
    f'[profiles.a]\nbase_url = "https://me:{SECRET}@host"',
    f'[profiles.a]\nbase_url = "https://host/?key={SECRET}"',
    f'[profiles.a]\nbase_url = "{SECRET}"',
    f'[profiles.a.headers]\nAuthorization = "Bearer {SECRET}"',
    f'[profiles.a.headers]\n"bad name" = "{SECRET}"',
    f'[profiles.a]\nheaders = "x: {SECRET}"',
    f'[profiles.a]\napi_key_command = "echo \'{SECRET}"',
    f'theme = "{SECRET}"\nanimation = "{SECRET}"',
    f'["{SECRET}"]\na = 1',
    f"theme = {SECRET}",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_no_sentence_repeats_a_key_that_stands_in_the_wrong_place(load_text: LoadText, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_text(text)
    assert SECRET not in str(caught.value)


def test_all_problems_are_told_at_once(load_text: LoadText) -> None:
    with pytest.raises(ConfigError) as caught:
        load_text("theme = 1\n[poll]\ncredits = 1\nmodel = 5\n")
    assert [problem.where.rpartition(":")[2] for problem in caught.value.problems] == ["1", "3", "4"]


def test_file_environment_and_command_line_override_each_other_in_this_order(load_text: LoadText) -> None:
    text = 'theme = "from-file"\nread_only = false\nmouse = true\nanimation = "full"\n'
    environ = {"ZAGUAN_THEME": "from-env", "ZAGUAN_READ_ONLY": "yes", "ZAGUAN_PROFILE": " "}
    loaded = load_text(text, environ, {"theme": ("--theme", "typed")})
    settings, origins = loaded.settings, loaded.origins
    assert (settings.theme, settings.read_only, settings.animation, settings.poll.credits) == (
        "typed",
        True,
        "full",
        30,
    )
    assert str(origins.of("theme")) == "--theme"
    assert str(origins.of("read_only")) == "ENV ZAGUAN_READ_ONLY"
    assert str(origins.of("animation")).endswith("config.toml:4")
    assert origins.of("poll.credits").source is Source.DEFAULT
    assert settings.default_profile is None


def test_a_bad_variable_is_named_as_the_place(load_text: LoadText) -> None:
    with pytest.raises(ConfigError, match=r'^ENV ZAGUAN_ANIMATION: "fulll" must be one of .* "full"\?$'):
        load_text("", {"ZAGUAN_ANIMATION": "fulll"})


def test_every_key_of_a_profile_knows_its_line(load_text: LoadText) -> None:
    text = """
[profiles."my gateway"]
base_url = "http://127.0.0.1:8787"
headers = { X-A = "1", "X-B" = "2" }
"""
    loaded = load_text(text)
    profile = loaded.settings.profiles["my gateway"]
    assert profile.base_url == "http://127.0.0.1:8787"
    assert dict(profile.headers) == {"X-A": "1", "X-B": "2"}
    assert loaded.origins.of("profiles.my gateway.base_url").line == 3
    assert loaded.origins.of("profiles.my gateway.headers.X-B").line == 4


def test_settings_do_not_show_header_values(load_text: LoadText) -> None:
    loaded = load_text(
        '[profiles.a]\nheaders = { X-Pass = "hush-hush-hush" }\napi_key_command = "echo hush-hush-hush"'
    )
    assert "hush" not in repr(loaded.settings)


def test_a_missing_file_means_defaults_unless_it_was_named(tmp_path: Path) -> None:
    assert load(Paths(tmp_path / "none.toml", tmp_path), {}).found_file is False
    with pytest.raises(ConfigError, match="there is no such file, though ZAGUAN_CONFIG names it"):
        load(Paths(tmp_path / "none.toml", tmp_path, config_named=True), {})


def test_a_directory_and_a_binary_file_are_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be read: "):
        load(Paths(tmp_path, tmp_path), {})
    file = tmp_path / "config.toml"
    file.write_bytes(b'theme = "a"\n# \xff\xfe\n')
    with pytest.raises(ConfigError, match=r"config.toml:2: is not UTF-8 text"):
        load(Paths(file, tmp_path), {})


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b"\xef\xbb\xbf# hello\r\ntheme = 'a'\r\nmouse = false\r\n")
    loaded = load(Paths(file, tmp_path), {})
    assert (loaded.settings.theme, loaded.origins.of("mouse").line) == ("a", 3)


def test_paths_follow_the_variables(tmp_path: Path) -> None:
    config, data = tmp_path / "c", tmp_path / "d"
    xdg = {"XDG_CONFIG_HOME": str(config), "XDG_DATA_HOME": str(data)}
    paths = find_paths(xdg)
    assert (paths.config_file, paths.data_dir) == (config / "zaguan-tui" / "config.toml", data / "zaguan-tui")
    own = find_paths(
        {**xdg, "ZAGUAN_CONFIG_DIR": str(tmp_path / "own"), "ZAGUAN_DATA_DIR": str(tmp_path / "own-data")}
    )
    assert (own.config_file, own.data_dir) == (tmp_path / "own" / "config.toml", tmp_path / "own-data")
    named = find_paths({**xdg, "ZAGUAN_CONFIG": str(tmp_path / "one.toml")})
    assert (named.config_file, named.config_named) == (tmp_path / "one.toml", True)
    assert find_paths({**xdg, "XDG_CONFIG_HOME": "relative"}).config_file.is_absolute()
