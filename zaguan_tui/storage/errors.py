"""Storage errors, in sentences for people."""

from __future__ import annotations

from pathlib import Path


class StorageError(Exception):
    """The file could not be opened, read or written. The message is a sentence that can be shown as it is."""


class NewerFileError(StorageError):
    """The file was written by a newer version of the program; it is left untouched."""

    def __init__(self, path: Path | None, version: int, known: int) -> None:
        self.path = path
        self.version = version
        self.known = known
        super().__init__(
            f"{path or 'The history'} was written by a newer zaguan-tui (format {version}, "
            f"this one knows {known}). Update zaguan-tui, or start it with another data directory."
        )
