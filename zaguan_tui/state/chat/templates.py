r"""Prompts with variables: ``{{name}}`` and ``{{name|default}}`` are found and filled in. Pure.

A name is letters, digits, ``_``, ``-`` and spaces inside. ``\{{`` is two braces and no variable; whatever
else stands in braces stays as it is. What is filled in is never read again: a value may hold braces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_VARIABLE: Final = re.compile(
    r"\\(?P<escaped>\{\{)|\{\{[ \t]*(?P<name>[^\W\d][\w-]{0,59}(?: [\w-]{1,60}){0,5})[ \t]*"
    r"(?:\|(?P<default>[^{}]{0,2000}))?\}\}"
)


@dataclass(frozen=True, slots=True)
class TemplateVariable:
    """A place to fill in. ``default`` is what stands there when nothing is given."""

    name: str
    default: str = ""


def find_variables(text: str) -> tuple[TemplateVariable, ...]:
    """The variables of a text in the order of their first places; the first default counts."""
    variables: dict[str, str] = {}
    for place in _VARIABLE.finditer(text):
        name = place["name"]
        if name is not None and not variables.get(name):
            variables[name] = (place["default"] or "").strip()
    return tuple(TemplateVariable(name, default) for name, default in variables.items())


def fill_template(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables replaced; one without a value takes its default, else nothing."""
    defaults = {variable.name: variable.default for variable in find_variables(text)}

    def put(place: re.Match[str]) -> str:
        if place["escaped"] is not None:
            return place["escaped"]
        name = place["name"]
        return values.get(name) or defaults[name]

    return _VARIABLE.sub(put, text)
