"""Lines of text make a cache when it is used."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from zaguan_tui.app.workarounds import strips
from zaguan_tui.app.workarounds.strips import build_strip_caches_on_use


@pytest.fixture
def strip() -> Strip:
    build_strip_caches_on_use()
    return Strip([Segment("one "), Segment("two", Style(bold=True))])


def test_the_slots_are_those_of_textual() -> None:
    """When this fails, Textual builds its lines in another way: look whether the workaround can go."""
    assert set(Strip.__slots__) == {*strips._CACHE_SIZES, *strips._OTHER_SLOTS}


def test_a_new_line_has_no_cache(strip: Strip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strips, "FIFOCache", None)  # not called
    assert Strip([Segment("x")]).text == "x"
    with pytest.raises(TypeError):
        strip.crop(1, 3)


def test_a_line_made_before_keeps_its_caches(strip: Strip) -> None:
    cropped = strip.crop(1, 3)
    build_strip_caches_on_use()
    assert strip.crop(1, 3) is cropped


def test_every_cache_is_used_again(strip: Strip) -> None:
    assert strip.crop(0, 3) is strip.crop(0, 3)
    assert strip.crop_extend(0, 9, None) is strip.crop_extend(0, 9, None)
    assert strip.adjust_cell_length(12) is strip.adjust_cell_length(12)
    assert strip.apply_style(Style(dim=True)) is strip.apply_style(Style(dim=True))
    assert strip.apply_offsets(1, 2) is strip.apply_offsets(1, 2)
    assert list(strip.divide([2, 7])) == list(strip.divide([2, 7]))
    assert [part.text for part in strip.divide([2, 7])] == ["on", "e two"]
    assert strip.render  # what a console is given
