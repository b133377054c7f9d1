"""Lines of text whose caches are made when they are first used.

Textual makes seven caches for every :class:`Strip`, of which most lines use one or two: 1 KB and seven
objects for the garbage collector each, for thousands of lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MemberDescriptorType
from typing import Any, Final

from rich.segment import Segment
from textual.cache import FIFOCache
from textual.strip import Strip

_CACHE_SIZES: Final = {
    "_divide_cache": 4,
    "_crop_cache": 16,
    "_style_cache": 16,
    "_filter_cache": 4,
    "_line_length_cache": 4,
    "_crop_extend_cache": 4,
    "_offsets_cache": 4,
}
_OTHER_SLOTS: Final = {"_segments", "_cell_length", "_render_cache", "_link_ids", "_cell_count"}


def _init_without_caches(strip: Strip, segments: Iterable[Segment], cell_length: int | None = None) -> None:
    strip._segments = list(segments)
    strip._cell_length = cell_length
    strip._render_cache = None
    strip._link_ids = None
    strip._cell_count = None


def _cache_on_use(slot: MemberDescriptorType, size: int) -> property:
    read, write = slot.__get__, slot.__set__

    def get_cache(strip: Strip) -> FIFOCache[Any, Any]:
        try:
            cache: FIFOCache[Any, Any] = read(strip, Strip)
        except AttributeError:
            cache = FIFOCache(size)
            write(strip, cache)
        return cache

    return property(get_cache)


def build_strip_caches_on_use() -> None:
    """Make every new line without caches, if lines are still built as in Textual 8.2."""
    slots = {name: Strip.__dict__[name] for name in _CACHE_SIZES if name in Strip.__dict__}
    known = set(Strip.__slots__) == {*_CACHE_SIZES, *_OTHER_SLOTS}
    if not known or not all(isinstance(slot, MemberDescriptorType) for slot in slots.values()):
        return  # another version, or done already
    for name, slot in slots.items():
        setattr(Strip, name, _cache_on_use(slot, _CACHE_SIZES[name]))
    Strip.__init__ = _init_without_caches  # type: ignore[method-assign, assignment]
