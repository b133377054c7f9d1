"""Lists files below a folder, or in one, for the file picker. Both block: call them in a thread."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MAX_FILES: Final = 20_000
MAX_FOLDERS: Final = 5_000
SKIPPED_FOLDERS: Final = frozenset(
    {".git", "node_modules", ".venv", "venv", "__pycache__", ".hg", ".svn", ".tox"}
)


@dataclass(frozen=True, slots=True)
class PathEntry:
    """A file or a folder: its path, how it is named in the list, and its size in bytes if it is a file."""

    path: str
    name: str
    size: int | None = None
    folder: bool = False


@dataclass(frozen=True, slots=True)
class PathListing:
    """The files and folders of a place. ``whole`` is false when the search was ended by its limits."""

    entries: tuple[PathEntry, ...] = ()
    whole: bool = True


def list_files_below(root: Path, *, most: int = MAX_FILES) -> PathListing:
    """Every file below ``root``, near ones first. Hidden files, links to folders and what tools keep for
    themselves (``.git``, ``node_modules``, ``.venv``) are left out.
    """
    entries: list[PathEntry] = []
    waiting = deque([(str(root), "")])
    seen = 0
    while waiting:
        folder, prefix = waiting.popleft()
        seen += 1
        for entry in _entries(folder):
            if entry.name.startswith(".") or entry.name in SKIPPED_FOLDERS:
                continue
            if _is_folder(entry):
                if not entry.is_symlink():
                    waiting.append((entry.path, f"{prefix}{entry.name}/"))
            elif (size := _size(entry)) is not None:
                entries.append(PathEntry(entry.path, prefix + entry.name, size))
        if len(entries) >= most or seen >= MAX_FOLDERS:
            return PathListing(tuple(entries[:most]), whole=not waiting and len(entries) <= most)
    return PathListing(tuple(entries))


def list_folder(folder: Path, *, hidden: bool = False) -> PathListing:
    """What is in one folder, folders first; hidden ones only when asked for."""
    places = []
    for entry in _entries(str(folder)):
        if entry.name.startswith(".") and not hidden:
            continue
        if _is_folder(entry):
            places.append(PathEntry(entry.path, f"{entry.name}/", folder=True))
        elif (size := _size(entry)) is not None:
            places.append(PathEntry(entry.path, entry.name, size))
    places.sort(key=lambda place: (not place.folder, place.name.casefold()))
    return PathListing(tuple(places[:MAX_FILES]), whole=len(places) <= MAX_FILES)


def split_typed_path(text: str, root: Path) -> tuple[Path, str] | None:
    """The folder a typed path leads to, and what was typed after it; ``None`` when no path was typed."""
    if not text.startswith(("/", "~", "./", "../")) and text not in (".", ".."):
        return None
    folder, _, rest = text.rpartition("/")
    if text in ("~", ".", "..") or (text.startswith("~") and "/" not in text):
        folder, rest = text, ""
    try:
        path = Path(folder or "/").expanduser()
    except RuntimeError:  # the home of somebody who is not here
        return None
    return (path if path.is_absolute() else root / path), rest


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return  # not ours to read, or gone meanwhile


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _size(entry: os.DirEntry[str]) -> int | None:
    """The size of an ordinary file; ``None`` for anything else."""
    try:
        return entry.stat().st_size if entry.is_file() else None
    except OSError:
        return None
