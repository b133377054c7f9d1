from __future__ import annotations

import pytest

from zaguan_tui.widgets.match_list import PickerItem, make_search, with_typed_text

ITEMS = [PickerItem("acme/large", "acme/large"), PickerItem("acme/small", "acme/small")]


@pytest.mark.parametrize(
    ("text", "listed", "typed"),
    [
        ("", 2, None),
        ("  ", 2, None),
        ("acme", 2, "acme"),
        ("acme/large", 1, None),
        (" acme/large ", 1, None),
        ("models/own:v1", 0, "models/own:v1"),
        ("two words", 0, None),
    ],
)
def test_a_text_is_offered_last_unless_it_is_an_item(text: str, listed: int, typed: str | None) -> None:
    found = list(with_typed_text(make_search(ITEMS))(text))
    assert [one.item.key for one in found if one.typed] == ([] if typed is None else [typed])
    assert sum(not one.typed for one in found) == listed
    assert not any(one.typed for one in found[:listed])
