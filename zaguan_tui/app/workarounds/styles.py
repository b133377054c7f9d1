"""A stylesheet that parses a source once, not at every first visit of a screen."""

from __future__ import annotations

from textual.cache import LRUCache
from textual.css.stylesheet import Stylesheet
from textual.widget import Widget

MAX_SOURCES = 512


class CachingStylesheet(Stylesheet):
    """A stylesheet that reads a source again only when the variables changed.

    Textual parses every source anew for every room that is visited for the first time: 10 ms each, three
    times before the first frame. What was parsed with the same variables is still right.
    """

    def __init__(self, *, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._parse_cache = LRUCache(MAX_SOURCES)
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


def drop_renderings(root: Widget) -> None:
    """Forget the lines of a screen that is not shown; they are made again when it is.

    Textual keeps them for every widget of every screen: 3,000 lines of ten rooms, 2 KB each.
    """
    for node in root.walk_children(with_self=True):
        if isinstance(node, Widget):
            node._styles_cache.clear()
