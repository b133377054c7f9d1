"""Opening the app: everything is checked first; a demo boots its gateway while the app is imported."""

from __future__ import annotations

import gc
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from zaguan_tui.cli.exit_codes import ExitCode
from zaguan_tui.cli.invocation import Invocation
from zaguan_tui.cli.keymap import check_keys
from zaguan_tui.cli.output import is_utf8
from zaguan_tui.config.connection import choose_connection
from zaguan_tui.config.errors import ConfigError, ConfigProblem
from zaguan_tui.config.keysources import resolve_key
from zaguan_tui.config.launch import LaunchRequest
from zaguan_tui.config.loader import LoadedConfig, load
from zaguan_tui.config.nearest import suggest_name

if TYPE_CHECKING:
    from zaguan_tui.sandbox.embedded import EmbeddedSandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchArguments:
    """What was typed for the app; ``None`` is "not typed". ``demo`` is a scenario's name."""

    demo: str | None = None
    base_url: str | None = None
    profile: str | None = None
    screen: str | None = None
    theme: str | None = None
    read_only: bool = False
    no_mouse: bool = False
    seed: int = 7


def launch(run: Invocation, arguments: LaunchArguments) -> int:
    """Open the app and return its exit code. Raises ``ConfigError`` and ``KeyProblemError``."""
    _check_names(arguments)
    obstacle = explain_unusable_terminal(run)
    if obstacle is not None:
        run.talk(obstacle)
        return ExitCode.USAGE
    loaded = load(run.paths, run.environ, _setting_overrides(arguments))
    check_keys(loaded)
    if arguments.demo is None:
        return _open(run, _connected_request(run, loaded, arguments))
    with _demo_folder() as folder, _running_sandbox(arguments.demo, arguments.seed) as sandbox:
        request = replace(
            _request(run, loaded, arguments),
            paths=replace(run.paths, data_dir=folder),
            demo=arguments.demo,
            sandbox=sandbox,
        )
        return _open(run, request)


def explain_unusable_terminal(run: Invocation) -> str | None:
    """Why the app cannot be shown here, with what to do; ``None`` when it can."""
    redirected = [
        name for name, stream in (("input", sys.stdin), ("output", sys.stdout)) if not _is_terminal(stream)
    ]
    if redirected:
        verb = "is" if len(redirected) == 1 else "are"
        return (
            f"zaguan-tui needs a terminal, but standard {' and '.join(redirected)} {verb} redirected. "
            "For a check without one: zaguan-tui check --json"
        )
    if run.environ.get("TERM", "") in ("", "dumb", "unknown") and sys.platform != "win32":
        return (
            "This terminal says it cannot place text (TERM is dumb or unset). "
            "Use a full terminal, or set TERM (for example TERM=xterm-256color) if it is one."
        )
    if not is_utf8(sys.stdout) or not is_utf8(sys.__stderr__):
        return (
            f"This terminal's encoding is set to {sys.stdout.encoding}, which lacks the characters that the "
            "screen is drawn with. Set a UTF-8 locale, such as LC_ALL=C.UTF-8, and unset PYTHONIOENCODING."
        )
    return None


def _is_terminal(stream: object) -> bool:
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty())


def _check_names(arguments: LaunchArguments) -> None:
    if arguments.screen is not None:
        from zaguan_tui.features.registry import screen_names

        _check_choice("--screen", "screen", arguments.screen, screen_names())
    if arguments.demo is not None:
        from zaguan_tui.sandbox.config import scenario_names

        _check_choice("--demo", "scenario", arguments.demo, scenario_names())
        if arguments.base_url is not None or arguments.profile is not None:
            other = "--base-url" if arguments.base_url is not None else "--profile"
            raise ConfigError(ConfigProblem("--demo", f"brings its own gateway; leave out {other}."))


def _check_choice(option: str, what: str, name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        raise ConfigError(ConfigProblem(option, f"there is no {what} {name!r}; {suggest_name(name, known)}"))


def _check_theme(loaded: LoadedConfig) -> None:
    """Textual knows its themes only once it is imported, so this comes late; the app needs it anyway."""
    theme = loaded.settings.theme
    if theme is None:
        return
    from textual.theme import BUILTIN_THEMES

    from zaguan_tui.theme.themes import OWN_THEMES

    known = (*(own.name for own in OWN_THEMES), *BUILTIN_THEMES)
    _check_choice(str(loaded.origins.of("theme")), "theme", theme, known)


def _setting_overrides(arguments: LaunchArguments) -> dict[str, tuple[str, object]]:
    typed: dict[str, tuple[str, object]] = {}
    if arguments.theme is not None:
        typed["theme"] = ("--theme", arguments.theme)
    if arguments.read_only:
        typed["read_only"] = ("--read-only", True)
    if arguments.no_mouse:
        typed["mouse"] = ("--no-mouse", False)
    return typed


def _request(run: Invocation, loaded: LoadedConfig, arguments: LaunchArguments) -> LaunchRequest:
    return LaunchRequest(
        settings=loaded.settings,
        origins=loaded.origins,
        paths=run.paths,
        screen=arguments.screen,
        theme=loaded.settings.theme,
        read_only=loaded.settings.read_only,
        mouse=loaded.settings.mouse,
        seed=arguments.seed,
        redactor=run.redactor,
    )


def _connected_request(run: Invocation, loaded: LoadedConfig, arguments: LaunchArguments) -> LaunchRequest:
    """The request with connection and keys. Keys are read now, while a command may still use the terminal."""
    request = _request(run, loaded, arguments)
    connection = choose_connection(
        loaded, run.environ, profile=arguments.profile, base_url=arguments.base_url
    )
    if connection is None:
        return request
    api_key = resolve_key(connection, "api_key", run.environ)
    admin_key = resolve_key(connection, "admin_key", run.environ)
    run.redactor.learn(api_key, admin_key, *connection.profile.headers.values())
    return replace(request, connection=connection, api_key=api_key, admin_key=admin_key)


def _open(run: Invocation, request: LaunchRequest) -> int:
    gc.disable()  # until the first frame is out: nothing that imports make is garbage yet, and looking costs
    _check_theme(LoadedConfig(request.settings, request.origins, run.paths))
    from zaguan_tui.services import open_app

    return open_app(request)


@contextmanager
def _demo_folder() -> Iterator[Path]:
    """A data directory that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="zaguan-tui-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running_sandbox(scenario: str, seed: int) -> Iterator[EmbeddedSandbox]:
    """A sandbox that is booting in its own process, and is ended afterwards."""
    from zaguan_tui.sandbox.embedded import EmbeddedSandbox

    sandbox = EmbeddedSandbox(scenario=scenario, seed=seed)
    sandbox.spawn()
    try:
        yield sandbox
    finally:
        sandbox.stop()
