"""The heap of the C library, where it is glibc's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from zaguan_tui.app import heap

COUNT_HEAPS = """
import sys, threading
from zaguan_tui.app.heap import use_one_heap
if sys.argv[1] == "one":
    use_one_heap()
pieces = []
def allocate():
    pieces.extend(bytes(3_000 + number) for number in range(3_000))
for _ in range(4):
    thread = threading.Thread(target=allocate)
    thread.start()
    thread.join()
import ctypes
library, file = ctypes.CDLL(None), None
library.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(library.fopen(sys.argv[2].encode(), b"w"))
library.malloc_info(0, file)
library.fclose(file)
"""


@pytest.mark.skipif(heap._load_library() is None, reason="another C library")
def test_threads_share_one_heap(tmp_path: Path) -> None:
    counts = {}
    for heaps in ("one", "many"):
        report = tmp_path / heaps
        subprocess.run([sys.executable, "-c", COUNT_HEAPS, heaps, str(report)], check=True, timeout=60)
        counts[heaps] = report.read_text().count("<heap nr=")
    assert counts["one"] == 1 < counts["many"]


def test_elsewhere_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    heap.use_one_heap()
    heap.trim_heap()
