"""Every disagreement between dialects has a rule, and every rule is shown (wire reference §14)."""

from __future__ import annotations

import inspect

import dialects_account
import dialects_answers
import dialects_requests
import pytest
from dialects import CHECKS, SUBJECTS

PARTS = (dialects_account, dialects_answers, dialects_requests)


def test_all_83_rows_are_named_and_shown() -> None:
    assert list(SUBJECTS) == [f"D{number}" for number in range(1, 84)]
    assert set(CHECKS) == set(SUBJECTS)
    assert {inspect.getmodule(check) for check in CHECKS.values()} == set(PARTS)


@pytest.mark.parametrize("row", SUBJECTS, ids=lambda row: f"{row} {SUBJECTS[row]}")
async def test_the_rule_holds(row: str) -> None:
    outcome = CHECKS[row]()
    if inspect.isawaitable(outcome):
        await outcome
