"""The report of an error that should not have happened: a private file without secrets, never the screen."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from zaguan_tui import __version__
from zaguan_tui.client.dispatch.credentials import Redactor
from zaguan_tui.config.paths import Paths

_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700


def write_crash_report(error: BaseException, paths: Paths, redactor: Redactor) -> Path:
    """Write what happened to a new file under ``paths.crash_dir`` and return its path.

    Every known secret is taken out by value. Local variables are left out: they may hold conversations.
    Raises ``OSError`` when the file cannot be written.
    """
    now = datetime.now(UTC)
    paths.crash_dir.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    file = paths.crash_dir / f"crash-{now:%Y%m%d-%H%M%S-%f}-{os.getpid()}.txt"
    lines = [
        f"zaguan-tui {__version__} failed at {now:%Y-%m-%d %H:%M:%S} UTC",
        f"python {platform.python_version()} on {platform.platform()}",
        f"terminal {os.environ.get('TERM', '-')} {os.environ.get('COLORTERM', '')}".rstrip(),
        f"arguments {sys.argv[1:]!r}",
        "",
        "".join(traceback.format_exception(error)),
    ]
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as opened:
        opened.write(redactor.text("\n".join(lines)))
    return file
