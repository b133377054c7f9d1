"""What the command line hands to the app; the app itself is a stand-in here."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from zaguan_tui.cli.exit_codes import ExitCode
from zaguan_tui.cli.main import main
from zaguan_tui.config.launch import LaunchRequest

KEY = "sk-planted-0123456789abcdef"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[LaunchRequest]:
    """Requests that reached the app. ``fake.during`` may be replaced to look around while it is open."""
    for name in list(os.environ):
        if name.startswith("ZAGUAN_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ZAGUAN_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("ZAGUAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr("zaguan_tui.cli.launch._is_terminal", lambda _: True)
    requests: list[LaunchRequest] = []
    fake = ModuleType("zaguan_tui.services")

    def open_app(request: LaunchRequest) -> int:
        requests.append(request)
        during: Callable[[LaunchRequest], int] = getattr(fake, "during", lambda _: 0)
        return during(request)

    fake.open_app = open_app  # type: ignore[attr-defined] # a module made by hand
    monkeypatch.setitem(sys.modules, "zaguan_tui.services", fake)
    return requests


def test_nothing_configured_opens_the_first_run(opened: list[LaunchRequest]) -> None:
    assert main([]) == ExitCode.OK
    (request,) = opened
    assert (request.connection, request.profile, request.base_url, request.api_key) == (
        None,
        None,
        None,
        None,
    )
    assert (request.screen, request.theme, request.read_only, request.mouse, request.seed) == (
        None,
        None,
        False,
        True,
        7,
    )


def test_everything_typed_arrives(
    opened: list[LaunchRequest], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text(
        'theme = "zaguan-night"\n[profiles.lab]\nbase_url = "http://127.0.0.1:1"\nenvironment = "dev"\n'
    )
    monkeypatch.setenv("ZAGUAN_API_KEY", KEY)
    words = "--profile lab --screen providers --theme zaguan-day --read-only --no-mouse --seed 3"
    assert main(words.split()) == ExitCode.OK
    (request,) = opened
    assert request.profile is not None
    assert (request.profile.name, request.profile.environment, request.base_url) == (
        "lab",
        "dev",
        "http://127.0.0.1:1",
    )
    assert (request.screen, request.theme, request.read_only, request.mouse, request.seed) == (
        "providers",
        "zaguan-day",
        True,
        False,
        3,
    )
    assert request.api_key is not None
    assert request.api_key.reveal() == KEY
    assert str(request.origins.of("theme")) == "--theme"
    assert KEY not in repr(request)
    assert request.redactor.text(f"<{KEY}>") == "<[redacted]>"


def test_a_demo_has_a_booting_gateway_and_a_throw_away_folder(
    opened: list[LaunchRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    alive: list[tuple[bool, str]] = []

    def during(request: LaunchRequest) -> int:
        assert request.sandbox is not None
        address = asyncio.run(request.sandbox.ready())
        alive.append((request.paths.data_dir.is_dir(), address.base_url))
        return 0

    monkeypatch.setattr(sys.modules["zaguan_tui.services"], "during", during, raising=False)
    assert main(["--demo", "outage"]) == ExitCode.OK
    (request,) = opened
    ((folder_was_there, base_url),) = alive
    assert folder_was_there
    assert base_url.startswith("http://127.0.0.1:")
    assert (request.demo, request.connection, request.api_key) == ("outage", None, None)
    assert not request.paths.data_dir.exists()
    assert getattr(request.sandbox, "running", None) is False


def test_a_failure_inside_the_demo_still_ends_its_gateway(
    opened: list[LaunchRequest], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def during(_: LaunchRequest) -> int:
        raise RuntimeError("boom")

    monkeypatch.setattr(sys.modules["zaguan_tui.services"], "during", during, raising=False)
    assert main(["--demo"]) == ExitCode.INTERNAL
    assert getattr(opened[0].sandbox, "running", None) is False
    assert not opened[0].paths.data_dir.exists()
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("theme_from", ["typed", "file"])
def test_an_unknown_theme_is_told_with_the_nearest_and_its_place(
    opened: list[LaunchRequest], tmp_path: Path, capsys: pytest.CaptureFixture[str], theme_from: str
) -> None:
    words = ["--theme", "zaguan-nigth"] if theme_from == "typed" else []
    if not words:
        (tmp_path / "config.toml").write_text('# mine\ntheme = "zaguan-nigth"\n')
    place = "--theme" if words else f"{tmp_path / 'config.toml'}:2"
    assert main(words) == ExitCode.USAGE
    told = f"{place}: there is no theme 'zaguan-nigth'; did you mean zaguan-night?"
    assert told in capsys.readouterr().err
    assert opened == []


@pytest.mark.parametrize("terminal", ["dumb", "", "unknown"])
def test_a_terminal_that_cannot_place_text_is_told(
    opened: list[LaunchRequest],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    terminal: str,
) -> None:
    monkeypatch.setenv("TERM", terminal)
    assert main([]) == ExitCode.USAGE
    assert "TERM" in capsys.readouterr().err
    assert opened == []


def test_a_key_file_open_to_others_stops_the_start(
    opened: list[LaunchRequest], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "key").write_text(KEY)
    (tmp_path / "key").chmod(0o644)
    (tmp_path / "config.toml").write_text('[profiles.lab]\napi_key_file = "key"\n')
    assert main([]) == ExitCode.USAGE
    err = capsys.readouterr().err
    assert "can be read by others (mode 0644)" in err
    assert "chmod 600" in err
    assert KEY not in err
    assert opened == []
