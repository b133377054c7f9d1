"""Whether an answer is what was asked for, and where it is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from zaguan_tui.state.chat.answer_check import check_answer, has_requested_format, requested_format
from zaguan_tui.state.chat.message import Dialect, Message, Role
from zaguan_tui.state.core.clock import FakeClock

ITEMS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"enum": ["a", "b"]}, "price": {"type": "number", "minimum": 0}},
                "required": ["name", "price"],
                "additionalProperties": False,
            },
        }
    },
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "x", "schema": ITEMS}}


def asked(text: str, **params: Any) -> Message:
    return Message("m", Role.ASSISTANT, text, FakeClock().now(), params=params)


def test_an_answer_that_fits() -> None:
    verdict = check_answer(' {"items": [{"name": "a", "price": 1.5}]}\n', FORMAT)
    assert (verdict.fits, verdict.schema) == (True, True)
    assert check_answer('{"a": 1}', {"type": "json_object"}).fits is True


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"items": [{"name": "a", "price": "1"}]}', "$.items[0].price is not a number"),
        ('{"items": [{"name": "a"}]}', "$.items[0] has no price"),
        (
            '{"items": [{"name": "a", "price": 1, "tax": 2}]}',
            "$.items[0] has tax, which is not asked for",
        ),
        ('{"items": [{"name": "c", "price": 1}]}', '$.items[0].name is "c", not one of "a", "b"'),
        ('{"items": [{"name": "a", "price": -1}]}', "$.items[0].price is -1, less than 0 allows"),
        ("[]", "$ is not an object"),
        ('{"items": [', "line 1, column 12: expecting value"),
        ('```json\n{"items": []}\n```', "it stands in a code fence"),
        ("", "line 1, column 1: expecting value"),
    ],
)
def test_where_an_answer_does_not_fit(text: str, reason: str) -> None:
    verdict = check_answer(text, FORMAT)
    assert (verdict.fits, verdict.reason) == (False, reason)


def test_json_mode_asks_for_an_object() -> None:
    assert check_answer("[1]", {"type": "json_object"}).reason == "an object was asked for, this is a list"


def test_a_schema_that_is_none_is_nobodys_fault() -> None:
    wrong = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "numbr"}}}
    assert check_answer("1", wrong).fits is None
    nowhere = {"type": "json_schema", "json_schema": {"schema": {"$ref": "#/$defs/none"}}}
    assert check_answer("1", nowhere).fits is None
    remote = {"type": "json_schema", "json_schema": {"schema": {"$ref": "https://example.com/x.json"}}}
    assert check_answer("1", remote).fits is None, "no schema is fetched"


def test_only_what_went_out_counts() -> None:
    assert has_requested_format(asked("{}", response_format=FORMAT))
    assert not has_requested_format(asked(" ", response_format=FORMAT))
    assert not has_requested_format(asked("{}", response_format={"type": "text"}))
    plain = asked("{}", response_format={"type": "json_object"})
    assert requested_format(plain) == {"type": "json_object"}
    assert requested_format(replace(plain, dialect=Dialect.MESSAGES)) is None
