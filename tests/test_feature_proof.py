"""One more screen is its own folder and one line: tab, link, keys, palette, help, style, poller, table …"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent


def test_a_screen_is_added_by_its_folder_and_one_line(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(TESTS), "ZAGUAN_CONFIG": str(tmp_path / "config.toml")}
    driven = subprocess.run(
        [sys.executable, "-m", "feature_proof.drive", str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert driven.returncode == 0, driven.stdout + driven.stderr
    assert driven.stdout.strip() == "2", "its command reads its settings"
