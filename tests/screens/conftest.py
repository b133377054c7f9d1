"""Real apps for the rooms' tests: ``make_app`` puts one on a gateway on a real socket.

For states that must come out the same every time, see ``staged`` in ``stage.py``.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from screens.shared_styles import SharedStylesheet
from zaguan_tui.app.app import AppOptions, ZaguanApp
from zaguan_tui.config.launch import LaunchRequest
from zaguan_tui.config.origins import Origins
from zaguan_tui.config.paths import Paths
from zaguan_tui.config.settings import Settings
from zaguan_tui.sandbox.embedded import EmbeddedSandbox
from zaguan_tui.services import LiveSession

MakeApp = Callable[..., ZaguanApp]


@pytest.fixture(autouse=True)
def _no_keys_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests never see what the person who runs them has configured."""
    for name in list(os.environ):
        own = name.startswith("TEXTUAL_SNAPSHOT_")  # set by the plug-in that compares pictures
        if (name.startswith(("ZAGUAN_", "TEXTUAL_")) or name == "NO_COLOR") and not own:
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _styles_are_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zaguan_tui.app.app.CachingStylesheet", SharedStylesheet)


class SharedSandbox(EmbeddedSandbox):
    """A sandbox that outlives the apps that use it."""

    def stop(self) -> None:
        """An app that closes leaves it to the next."""

    def end(self) -> None:
        """It is not needed any more."""
        super().stop()


@pytest.fixture(scope="session")
def sandbox() -> Iterator[EmbeddedSandbox]:
    """A calm gateway on a real socket, shared by all tests of one process that do not disturb it."""
    embedded = SharedSandbox(scenario="calm", seed=7)
    embedded.spawn()
    with ThreadPoolExecutor(1) as thread:  # the tests' own loop is running already
        thread.submit(asyncio.run, embedded.ready()).result()
    yield embedded
    embedded.end()


@pytest.fixture
def make_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeApp]:
    """Make the real app on a real sandbox: ``make_app(first_screen="providers", scenario=None, theme=…)``.

    Without a ``scenario`` it is the shared calm one; with one, a sandbox of its own that ends with the test.
    ``settings`` are the configuration; other options go to :class:`AppOptions`.
    """
    own: list[EmbeddedSandbox] = []

    def make(
        first_screen: str = "providers",
        *,
        scenario: str | None = None,
        time_scale: float = 1.0,
        settings: Settings | None = None,
        **options: Any,
    ) -> ZaguanApp:
        if scenario is None and time_scale == 1.0:
            embedded = request.getfixturevalue("sandbox")
        else:
            embedded = EmbeddedSandbox(scenario=scenario or "calm", seed=7, time_scale=time_scale)
            embedded.spawn()
            own.append(embedded)
        launch = LaunchRequest(
            settings=settings or Settings(),
            origins=Origins(),
            paths=Paths(tmp_path / "config.toml", tmp_path / "data"),
            demo=embedded.scenario,
            sandbox=embedded,
        )
        return ZaguanApp(
            LiveSession(launch), AppOptions(first_screen=first_screen, animation="none", **options)
        )

    yield make
    for embedded in own:
        embedded.stop()
