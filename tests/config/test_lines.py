from __future__ import annotations

import json
import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from zaguan_tui.config.lines import Key, key_lines

TRICKY = '''\
# theme = "in a comment"
theme = "a # no comment = 1"   # comment
text = """
[not.a.table]
key = "no key" \\""" still
"""
raw = \'\'\'
x = 1\'\'\'\'
list = [
  "a]", # ]
  { deep = 1 },
  [2, 3],
]
when = 1979-05-27 07:32:00
a."b.c".d = { e = 1, "f g" = [ { h = 2 } ] }

[ table . "quoted name" ]
inner = -1.5e3
[[many]]
one = 1
[[many]]
two = 2'''


def test_keys_are_found_and_nothing_else_is() -> None:
    tomllib.loads(TRICKY)
    lines = key_lines(TRICKY)
    assert {".".join(key): line for key, line in lines.items()} == {
        "theme": 2,
        "text": 3,
        "raw": 7,
        "list": 9,
        "list.deep": 11,
        "when": 14,
        "a": 15,
        "a.b.c": 15,
        "a.b.c.d": 15,
        "a.b.c.d.e": 15,
        "a.b.c.d.f g": 15,
        "a.b.c.d.f g.h": 15,
        "table": 17,
        "table.quoted name": 17,
        "table.quoted name.inner": 18,
        "many": 19,
        "many.one": 20,
        "many.two": 22,
    }


names = st.text(
    st.characters(codec="utf-8", exclude_characters="\x7f", min_codepoint=32), min_size=1, max_size=6
)
scalars = st.one_of(st.integers(-99, 99), st.booleans(), names)
documents = st.recursive(
    st.dictionaries(names, scalars, max_size=3),
    lambda inner: st.dictionaries(
        names, st.one_of(scalars, inner, st.lists(scalars, max_size=3)), max_size=3
    ),
    max_leaves=12,
)


def quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def written(document: dict[str, Any], path: Key = ()) -> tuple[list[str], dict[Key, int]]:
    """``document`` as TOML lines, and the line of each key as this writer knows it."""
    lines: list[str] = []
    places: dict[Key, int] = {}
    tables = {name: value for name, value in document.items() if isinstance(value, dict)}
    for name, value in document.items():
        if name not in tables:
            lines += ["# a comment", f"{quoted(name)}  =  {quoted(value)}"]
            places[(*path, name)] = len(lines)
    for name, table in tables.items():
        lines.append("[" + ".".join(quoted(part) for part in (*path, name)) + "]")
        places[(*path, name)] = len(lines)
        inner, inside = written(table, (*path, name))
        places |= {key: line + len(lines) for key, line in inside.items()}
        lines += inner
    return lines, places


@given(documents)
def test_whatever_a_writer_writes_is_found_on_its_line(document: dict[str, Any]) -> None:
    lines, places = written(document)
    text = "\n".join(lines)
    assert tomllib.loads(text) == document
    assert key_lines(text) == places
    assert key_lines(text.replace("\n", "\r\n")) == places
