"""Sources a model names beside its answer, in the forms servers use (wire reference §3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Citation:
    """One source. ``url`` is foreign text: shown, never opened by itself. ``title`` is ``None`` for a bare
    link."""

    url: str
    title: str | None = None


CITATION_KEYS = ("citations", "search_results", "annotations")
"""Members of a message, a delta, a content part or a whole answer that hold sources."""


def read_citations(holder: Mapping[str, Any]) -> tuple[Citation, ...]:
    """The sources named in a message, a delta or a whole answer, each once.

    Takes ``citations``, ``search_results`` and ``annotations`` as links or objects, bare or under
    ``url_citation`` (OpenAI spec), also those of the parts of a content. What is no source is passed over.
    """
    citations: list[Citation] = []
    content = holder.get("content")
    for part in (holder, *(content if isinstance(content, list) else ())):
        for key in CITATION_KEYS if isinstance(part, Mapping) else ():
            entries = part.get(key)
            for entry in entries if isinstance(entries, list) else [entries]:
                citations += _citation(entry)
    return merge_citations(citations)


def merge_citations(*groups: Iterable[Citation]) -> tuple[Citation, ...]:
    """All of them, each address once, with the first title it has."""
    merged: dict[str, Citation] = {}
    for group in groups:
        for citation in group:
            known = merged.get(citation.url)
            if known is None or known.title is None:
                merged[citation.url] = citation
    return tuple(merged.values())


def _citation(entry: object) -> list[Citation]:
    if isinstance(entry, str) and entry:
        return [Citation(entry)]
    if not isinstance(entry, Mapping):
        return []
    inner = entry.get("url_citation")
    source = inner if isinstance(inner, Mapping) else entry
    title = source.get("title")
    for key in ("url", "uri", "link"):
        url = source.get(key)
        if isinstance(url, str) and url:
            return [Citation(url, title if isinstance(title, str) and title else None)]
    return []
