"""Read the Markdown files under `answers/`: programs, explanations and sample pages for the text engine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "answers"
_SECTION = re.compile(r"^## (.+)\n", re.M)
_FENCE = re.compile(r"^```(\w+)\n(.*?)\n```$", re.M | re.S)


@lru_cache(maxsize=2)
def page(name: str) -> str:
    """A Markdown page of `answers/` without its last line break."""
    return (_FOLDER / f"{name}.md").read_text(encoding="utf-8").rstrip("\n")


@lru_cache(maxsize=1)
def explanations() -> Mapping[str, str]:
    """Prepared explanations in Markdown, by each term that they explain."""
    return {
        term.strip(): text for terms, text in _sections("explanations").items() for term in terms.split(",")
    }


@lru_cache(maxsize=1)
def programs() -> Mapping[str, Mapping[str, str]]:
    """Source code by language, for the words of a task separated by blanks; `*` is any other task."""
    return {
        task: {str(tag): str(source) for tag, source in _FENCE.findall(text)}
        for task, text in _sections("programs").items()
    }


def _sections(name: str) -> dict[str, str]:
    _, *parts = _SECTION.split(page(name))
    return {heading: text.strip() for heading, text in zip(parts[::2], parts[1::2], strict=True)}
