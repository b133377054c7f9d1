"""The optional fields of a request: one table of rules per call, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from zaguan_tui.client.dispatch.call import QueryValue
from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.checks import (
    check_choice,
    check_integer,
    check_known,
    check_metadata,
    check_number,
    check_text,
)

Rule: TypeAlias = Callable[[str, Any], None]
"""Raises :class:`ArgumentError` for a value of the named field that no server would take."""

EXTRA = "additional_fields"
"""The parameter whose members go into a body as they are, for fields we do not know."""


def number(lowest: float, highest: float | None = None) -> Rule:
    """A number between the bounds, both included."""
    return lambda field, value: check_number(field, value, lowest, highest)


def whole(lowest: int, highest: int | None = None) -> Rule:
    """A whole number between the bounds, both included."""
    return lambda field, value: check_integer(field, value, lowest, highest)


def choice(*words: str) -> Rule:
    """One of ``words``."""
    return lambda field, value: check_choice(field, value, words)


def words(most: int | None = None) -> Rule:
    """A text that is not blank, of at most ``most`` characters."""

    def check(field: str, value: Any) -> None:
        check_text(field, value)
        if most is not None and len(value) > most:
            raise ArgumentError(field, f"has {len(value)} characters", f"at most {most}")

    return check


def listing(most: int | None = None, *, of: Rule | None = None) -> Rule:
    """A list of at most ``most`` entries, each as ``of`` wants it."""

    def check(field: str, value: Any) -> None:
        if not isinstance(value, (list, tuple)):
            raise ArgumentError(field, f"is a {type(value).__name__}", "a list")
        if most is not None and len(value) > most:
            raise ArgumentError(field, f"has {len(value)} entries", f"at most {most}")
        for place, item in enumerate(value if of else ()):
            if of is not None:
                of(f"{field}[{place}]", item)

    return check


def flag(field: str, value: Any) -> None:
    """True or False."""
    if not isinstance(value, bool):
        raise ArgumentError(field, f"is a {type(value).__name__}", "True or False")


def mapping(field: str, value: Any) -> None:
    """A mapping."""
    if not isinstance(value, Mapping):
        raise ArgumentError(field, f"is a {type(value).__name__}", "a mapping")


def metadata(field: str, value: Any) -> None:
    """At most 16 pairs of texts (OpenAI spec)."""
    check_metadata(value)


def text_or_mapping(field: str, value: Any) -> None:
    """A word or an object (``response_format``, ``tool_choice``)."""
    if not isinstance(value, Mapping):
        check_text(field, value)


def anything(field: str, value: Any) -> None:
    """No rule: servers differ."""


def checked(call: str, rules: Mapping[str, Rule], given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of ``given`` that go out: not ``None``, each kept to its rule, extra ones folded in.

    Raises :class:`ArgumentError` for a parameter that ``call`` does not have, naming the nearest one.
    """
    check_known((*rules, EXTRA), list(given), call)
    fields = {name: value for name, value in given.items() if value is not None}
    extra = fields.pop(EXTRA, {})
    mapping(EXTRA, extra)
    for name, value in fields.items():
        rules[name](name, value)
    return {**fields, **extra}


def page_params(
    *,
    limit: int | None = None,
    after: str | None = None,
    before: str | None = None,
    order: str | None = None,
    most: int = 100,
) -> dict[str, QueryValue]:
    """The query of a list call (OpenAI spec): ``limit`` from 1 to ``most``, ``order`` asc or desc by age."""
    if limit is not None:
        check_integer("limit", limit, 1, most)
    if order is not None:
        check_choice("order", order, ("asc", "desc"))
    for name, cursor in (("after", after), ("before", before)):
        if cursor is not None:
            check_text(name, cursor)
    return {"limit": limit, "order": order, "after": after, "before": before}


def check_objects(field: str, value: object, *, empty: bool = True) -> Sequence[Mapping[str, Any]]:
    """``value`` as a list of mappings; refused when it is none, or ``empty`` and may not be."""
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, Mapping) for item in value):
        raise ArgumentError(field, f"is a {type(value).__name__}", "a list of mappings")
    if not value and not empty:
        raise ArgumentError(field, "is empty", "at least one entry")
    return value
