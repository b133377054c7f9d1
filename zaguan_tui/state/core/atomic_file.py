"""Writes new files atomically, never over an existing one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Final

MAX_TRIES: Final = 1_000


def write_new_file(path: Path, content: str | bytes) -> Path:
    """Write ``content``, a text as UTF-8, and return where: ``path``, or ``name-2.md`` and so on when that is
    taken.

    Blocks: call it in a thread. Raises ``OSError``; then there is no file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
            file.flush()
            os.fsync(file.fileno())
        return _link_into_place(Path(draft), path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(draft).unlink()


def _link_into_place(draft: Path, path: Path) -> Path:
    """Give the file its name: a link fails where a rename would overwrite."""
    for number in range(1, MAX_TRIES):
        place = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
        try:
            place.hardlink_to(draft)
        except FileExistsError:
            continue
        except OSError:
            if not _create_without_links(draft, place):
                continue
        return place
    raise FileExistsError(None, "so many files of that name are there already", str(path))


def _create_without_links(draft: Path, place: Path) -> bool:
    """The same on a file system that has no links; whether the place was free."""
    try:
        with place.open("xb") as file:
            try:
                file.write(draft.read_bytes())
            except OSError:
                place.unlink()
                raise
    except FileExistsError:
        return False
    return True
