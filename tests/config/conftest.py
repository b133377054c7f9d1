from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from zaguan_tui.config.loader import LoadedConfig, load
from zaguan_tui.config.paths import Paths

LoadText = Callable[..., LoadedConfig]


@pytest.fixture
def load_text(tmp_path: Path) -> LoadText:
    """Load ``text`` as the configuration file, with the given environment and command line."""

    def load_it(
        text: str,
        environ: Mapping[str, str] | None = None,
        typed: Mapping[str, tuple[str, object]] | None = None,
    ) -> LoadedConfig:
        file = tmp_path / "config.toml"
        file.write_text(text, encoding="utf-8")
        return load(Paths(file, tmp_path / "data"), environ or {}, typed)

    return load_it
