"""A stylesheet that parses a source once, not at every first visit of a screen."""

from __future__ import annotations

from textual.cache import LRUCache
from textual.css.stylesheet import Stylesheet

MOST_SOURCES = 512


class RememberingStylesheet(Stylesheet):
    """A stylesheet that reads a source again only when the variables changed.

    Textual parses every source anew for every room that is visited for the first time: 10 ms each, three
    times before the first frame. What was parsed with the same variables is still right.
    """

    def __init__(self, *, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._parse_cache = LRUCache(MOST_SOURCES)
        self._parsed_with = dict(variables)

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take these variables; what was read is only forgotten if they are others."""
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        """Make the rules from the sources again."""
        if self._variables != self._parsed_with:
            self._parsed_with = dict(self._variables)
            self._parse_cache.clear()
        self.parse()
