"""Short quotes of what a server said, fit for one line. Guarding the terminal is the widgets' business."""

from __future__ import annotations

MAX_LENGTH = 200
"""Characters of a foreign text that a sentence may carry."""


def quote(text: object, longest: int = MAX_LENGTH) -> str:
    """``text`` on one line with single spaces, cut to ``longest`` characters with an ellipsis."""
    if text is None:
        return ""
    raw = str(text)[: longest * 8]
    line = " ".join(raw.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def end_sentence(text: str) -> str:
    """``text`` ending in exactly one mark that ends a sentence."""
    stripped = text.rstrip()
    return stripped if stripped.endswith((".", "!", "?", "…")) else f"{stripped}."
