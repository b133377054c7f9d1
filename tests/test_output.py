"""Output that cannot take a text: another encoding than UTF-8, a full disk."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from zaguan_tui.cli.invocation import Invocation
from zaguan_tui.cli.launch import explain_unusable_terminal
from zaguan_tui.cli.output import is_utf8

FIELD = Path(__file__).parent / "fixtures" / "field"
LATIN = dict(line.split("=", 1) for line in (FIELD / "output_not_utf8.env").read_text().split())
ENVIRONMENTS = [LATIN, {"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}]
UNBUFFERED = {"PYTHONUNBUFFERED": "1"}
full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")


def run(
    words: str, home: Path, variables: dict[str, str], stdout: int | io.FileIO = subprocess.PIPE
) -> subprocess.CompletedProcess[bytes]:
    own = ("ZAGUAN_", "PYTHON", "LC_", "LANG", "XDG_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return subprocess.run(
        [sys.executable, "-m", "zaguan_tui", *words.split()],
        stdout=stdout,
        stderr=subprocess.PIPE,
        env=kept | {"HOME": str(home)} | variables,
        cwd=home,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("variables", ENVIRONMENTS, ids=lambda variables: ",".join(variables.values()))
@pytest.mark.parametrize("words", ["config show", "keys", "--help"])
def test_what_an_encoding_lacks_is_replaced(words: str, variables: dict[str, str], tmp_path: Path) -> None:
    done = run(words, tmp_path, variables)
    assert (done.returncode, b"Traceback" in done.stderr, b"\\u" in done.stdout) == (0, False, False)
    assert len(done.stdout) > 500


def test_a_value_that_latin_1_lacks_is_replaced(tmp_path: Path) -> None:
    done = run("config show --base-url https://bücher.example/語", tmp_path, {**LATIN, "LANG": "C.UTF-8"})
    assert done.returncode == 0
    assert "https://bücher.example/?".encode("latin-1") in done.stdout


@full_disk
@pytest.mark.parametrize(
    ("words", "buffering"),
    [
        ("config show", {}),
        ("config show", UNBUFFERED),
        ("keys --json", {}),
        ("--help", {}),
        ("--help", UNBUFFERED),
        ("sandbox --port 0", {}),
    ],
)
def test_a_full_disk_is_one_sentence(words: str, buffering: dict[str, str], tmp_path: Path) -> None:
    with Path("/dev/full").open("wb", buffering=0) as full:
        done = run(words, tmp_path, buffering, full)
    assert done.returncode == 2
    talk = done.stderr.decode().splitlines()
    (sentence,) = [line for line in talk if "No space left on device" in line]
    assert sentence.endswith(("written: No space left on device.", "printed: No space left on device."))
    assert not [line for line in talk if "Traceback" in line or "Exception ignored" in line]


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("encoding", "refused"), [("utf-8", False), ("UTF8", False), ("latin-1", True), ("ascii", True)]
)
def test_the_app_is_not_drawn_where_its_lines_cannot_be(
    encoding: str, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("stdin", "stdout", "stderr", "__stderr__"):
        monkeypatch.setattr(sys, name, Terminal(io.BytesIO(), encoding=encoding))
    obstacle = explain_unusable_terminal(Invocation({"TERM": "xterm-256color"}))
    assert (obstacle is not None) == refused
    assert obstacle is None or (encoding in obstacle and "UTF-8" in obstacle)


def test_a_stream_without_an_encoding_takes_everything() -> None:
    assert is_utf8(io.BytesIO())
    assert not is_utf8(type("Odd", (), {"encoding": "no such encoding"})())
