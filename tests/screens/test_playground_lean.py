"""The screen is there before what it needs for answers: Markdown, colours for code, the file."""

from __future__ import annotations

import subprocess
import sys

LATER = (
    "textual.widgets._markdown",
    "markdown_it",
    "pygments",
    "sqlite3",
    "zaguan_tui.screens.chat.answers.answer",
    "zaguan_tui.screens.chat.listener",
    "zaguan_tui.state.conversations.store",
    "zaguan_tui.text.markdown_settler",
)


def test_importing_the_screen_imports_nothing_an_answer_needs() -> None:
    code = (
        "import sys, zaguan_tui.screens.playground.screen\n"
        f"print(*[name for name in {LATER!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
