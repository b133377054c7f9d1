"""Sources a model names beside its answer, in the forms servers use (wire reference §3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Citation:
    """One source. ``url`` is foreign text: shown, never opened by itself. ``title`` is ``None`` for a bare
    link."""

    url: str
    title: str | None = None


_LIST_KEYS = ("citations", "search_results")


def read_citations(holder: Mapping[str, Any]) -> tuple[Citation, ...]:
    """The sources named in a message, a delta or a whole answer, each once.

    Takes ``citations`` and ``search_results`` as links or objects, and ``annotations`` of type
    ``url_citation`` (OpenAI spec). What is no source is passed over.
    """
    found: dict[str, Citation] = {}
    for key in _LIST_KEYS:
        entries = holder.get(key)
        if isinstance(entries, list):
            for entry in entries:
                _add(entry, found)
    notes = holder.get("annotations")
    for note in notes if isinstance(notes, list) else []:
        if isinstance(note, Mapping):
            _add(note.get("url_citation"), found)
    return tuple(found.values())


def _add(entry: object, found: dict[str, Citation]) -> None:
    if isinstance(entry, str) and entry:
        found.setdefault(entry, Citation(entry))
    elif isinstance(entry, Mapping) and isinstance(url := entry.get("url"), str) and url:
        title = entry.get("title")
        known = found.get(url)
        if known is None or known.title is None:
            found[url] = Citation(url, title if isinstance(title, str) and title else None)
