"""Prompts with variables: found, filled, and nothing else touched."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zaguan_tui.state.templates import Variable, filled, variables


def test_variables_are_found_once_in_their_order() -> None:
    text = "Translate {{text}} into {{language|French}}, then {{ text }} again, {{zweite Größe}}."
    assert variables(text) == (Variable("text"), Variable("language", "French"), Variable("zweite Größe"))


def test_what_is_given_wins_over_the_default() -> None:
    text = "{{a}}-{{b|two}}-{{c|three}}"
    assert filled(text, {"a": "1", "b": "2"}) == "1-2-three"
    assert filled(text, {}) == "-two-three"
    assert filled("{{a|x}} and {{a}}", {}) == "x and x", "one name, one value"


def test_a_value_is_never_read_again() -> None:
    assert filled("{{a}} {{b}}", {"a": "{{b}}", "b": r"\{{a}} \1"}) == r"{{b}} \{{a}} \1"


def test_escapes_and_other_braces_stay() -> None:
    assert filled(r"\{{a}} {{a}}", {"a": "x"}) == "{{a}} x"
    assert variables(r"\{{a}}") == ()
    for text in ("{{}}", "{{ }}", "{{1a}}", "{a}", "{{a.b}}", "{{a", '{"a": {"b": 1}}', "{{#each x}}"):
        assert variables(text) == ()
        assert filled(text, {"a": "x"}) == text


@given(st.text(alphabet="ab{}|\\ \n"), st.text())
def test_nothing_typed_breaks_it(text: str, value: str) -> None:
    names = [variable.name for variable in variables(text)]
    result = filled(text, dict.fromkeys(names, value))
    if not names and "\\{{" not in text:
        assert result == text
