"""Where the program keeps its files.

``ZAGUAN_CONFIG`` names the configuration file, ``ZAGUAN_CONFIG_DIR`` and ``ZAGUAN_DATA_DIR`` the directories.
Without them ``XDG_CONFIG_HOME`` and ``XDG_DATA_HOME`` count on every platform, and then the platform's habit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROGRAM = "zaguan-tui"


@dataclass(frozen=True, slots=True)
class Paths:
    """The files of one run. ``config_named`` says that the user named the file, so it has to be there."""

    config_file: Path
    data_dir: Path
    config_named: bool = False

    @property
    def crash_dir(self) -> Path:
        """Where crash reports are written."""
        return self.data_dir / "crashes"


def find_paths(environ: Mapping[str, str]) -> Paths:
    """The paths that ``environ`` asks for; nothing is created."""
    named = environ.get("ZAGUAN_CONFIG", "").strip()
    config = Path(named).expanduser() if named else _directory(environ, "config") / "config.toml"
    return Paths(config.absolute(), _directory(environ, "data").absolute(), bool(named))


def _directory(environ: Mapping[str, str], kind: str) -> Path:
    own = environ.get(f"ZAGUAN_{kind.upper()}_DIR", "").strip()
    if own:
        return Path(own).expanduser()
    shared = environ.get(f"XDG_{kind.upper()}_HOME", "").strip()
    if shared and Path(shared).is_absolute():  # the XDG standard: relative ones are invalid and ignored
        return Path(shared) / PROGRAM
    import platformdirs  # here: 20 ms that a run with its own directories need not pay

    if kind == "config":
        return platformdirs.user_config_path(PROGRAM, appauthor=False)
    return platformdirs.user_data_path(PROGRAM, appauthor=False)


def format_path(path: Path) -> str:
    """``path`` as people write it: with ``~`` for their home directory."""
    try:
        return f"~/{path.relative_to(Path.home()).as_posix()}"
    except (ValueError, RuntimeError):
        return str(path)
