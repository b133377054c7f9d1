"""The wheel is whole: built here, installed elsewhere, it starts, is styled and has its world."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

PAINT = """
import asyncio, re, sys
from pathlib import Path
import zaguan_tui
from zaguan_tui.theme.themes import styles_directory
from zaguan_tui.app.app import AppOptions, ZaguanApp
from zaguan_tui.config.launch import LaunchRequest
from zaguan_tui.config.loader import load
from zaguan_tui.config.paths import Paths
from zaguan_tui.services import LiveSession

here = Path(sys.argv[1])
paths = Paths(config_file=here / "config.toml", data_dir=here, config_named=False)
loaded = load(paths, {}, {})
request = LaunchRequest(settings=loaded.settings, origins=loaded.origins, paths=paths)

async def main():
    app = ZaguanApp(LiveSession(request), AppOptions(first_screen="providers"))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        print(zaguan_tui.__file__)
        print(styles_directory())
        print(app.query_one("#header").styles.height, app.query_one("#header").region.height)

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip_wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip_wheel, "-w", str(folder), str(ROOT)], check=True, timeout=120)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    pip_install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip_install, "--target", str(folder), str(wheel)], check=True, timeout=120)
    return folder


def run(installed: Path, where: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python elsewhere, with the installed wheel before anything else and the checkout nowhere."""
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "ZAGUAN"))
    }
    site_packages = sysconfig.get_path("purelib")
    environment["PYTHONPATH"] = os.pathsep.join((str(installed), site_packages))
    command = [sys.executable, "-S", *arguments]  # -S: the editable install's path hook stays out
    return subprocess.run(
        command, cwd=where, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_has_styles_world_and_types(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "zaguan_tui/styles/base.tcss" in names
    assert "zaguan_tui/py.typed" in names
    assert any(name.startswith("zaguan_tui/sandbox/data/world/") for name in names)
    assert any(name.startswith("zaguan_tui/sandbox/scenarios/") for name in names)
    assert not any(name.startswith(("tests/", "screenshots/", "benchmarks/")) for name in names)


def test_starts_styled_elsewhere(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "-c", PAINT, str(tmp_path))
    assert done.returncode == 0, done.stderr
    package, styles, header = done.stdout.strip().splitlines()
    assert Path(package).is_relative_to(installed)
    assert Path(styles).is_relative_to(installed)
    assert header == "1 1"


def test_command_says_its_version(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "-m", "zaguan_tui", "--version")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().startswith("zaguan-tui ")
