"""Styles parsed once for all apps of a test process: parsing is a quarter of what a small test costs."""

from __future__ import annotations

from typing import Any

from textual.cache import LRUCache

from zaguan_tui.app.workarounds.styles import MAX_SOURCES, CachingStylesheet

_PARSED: dict[tuple[tuple[str, str], ...], LRUCache[Any, Any]] = {}


class SharedStylesheet(CachingStylesheet):
    """Remembers across apps what it parsed, for each set of variables by itself."""

    def __init__(self, *, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._share()

    def reparse(self) -> None:
        """Make the rules from the sources again."""
        if self._variables != self._parsed_with:
            self._parsed_with = dict(self._variables)
            self._share()
        self.parse()

    def _share(self) -> None:
        known = tuple(sorted(self._variables.items()))
        self._parse_cache = _PARSED.setdefault(known, LRUCache(MAX_SOURCES))
