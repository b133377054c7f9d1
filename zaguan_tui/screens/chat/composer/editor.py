"""External editor for the prompt: it gets the terminal meanwhile, answers go on streaming."""

from __future__ import annotations

import asyncio
import os
import shlex
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from textual.app import App, SuspendNotSupported

NO_EDITOR: Final = "No editor is set. Put one into $VISUAL or $EDITOR, such as: export EDITOR=nano"
NO_TERMINAL: Final = "This terminal cannot be lent to an editor."
MAX_BYTES: Final = 10_000_000


class EditorError(Exception):
    """The text could not be edited outside. The message is the sentence for a person."""


def find_editor_command() -> list[str]:
    """The words of the editor's command line. Raises :class:`EditorError` without one."""
    command = os.environ.get("VISUAL", "").strip() or os.environ.get("EDITOR", "").strip()
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise EditorError(f"$VISUAL or $EDITOR is no command: {str(error).lower()}.") from error
    if not words:
        raise EditorError(NO_EDITOR)
    return words


async def edit_text(app: App[object], text: str) -> str:
    """The text as it was left in the editor. Raises :class:`EditorError`.

    It travels in a file that nobody else may read and that is gone afterwards.
    """
    command = find_editor_command()
    path = await asyncio.to_thread(_written, text)
    try:
        await _run(app, [*command, str(path)])
        return await asyncio.to_thread(_read, path, text)
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)


async def _run(app: App[object], command: Sequence[str]) -> None:
    try:
        with app.batch_update(), app.suspend():  # nothing of ours is painted over the editor
            editing = await asyncio.create_subprocess_exec(*command)
            code = await editing.wait()
    except SuspendNotSupported as error:
        raise EditorError(NO_TERMINAL) from error
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise EditorError(f"The editor {command[0]} did not start: {why}.") from error
    finally:
        app.refresh(layout=True)
    if code:
        raise EditorError(f"The editor {command[0]} ended with code {code}; the prompt is as it was.")


def _written(text: str) -> Path:
    descriptor, name = tempfile.mkstemp(prefix="zaguan-prompt-", suffix=".md")  # mode 0600
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as opened:
        opened.write(text)
    return Path(name)


def _read(path: Path, before: str) -> str:
    """What is in the file now, without the line break that editors put at its end."""
    try:
        with path.open("rb") as opened:
            text = opened.read(MAX_BYTES).decode("utf-8", "replace")
    except OSError as error:
        raise EditorError("The editor left no file behind; the prompt is as it was.") from error
    return text if before.endswith("\n") else text.removesuffix("\n")
