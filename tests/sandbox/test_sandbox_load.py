"""Many calls at once, a kill -9 and the books afterwards: the benchmark in a size that a test can bear."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "sandbox_load.py"


def test_no_debit_is_lost_or_doubled_and_no_stream_fails() -> None:
    command = [sys.executable, str(BENCHMARK), "--calls", "70", "--streams", "25"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "25 streams at once: 0 errors" in done.stdout
    assert "nothing lost, nothing doubled, nothing failed" in done.stdout
