"""Prompts with variables: found, filled, and nothing else touched."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zaguan_tui.state.chat.templates import TemplateVariable, fill_template, find_variables


def test_variables_are_found_once_in_their_order() -> None:
    text = "Translate {{text}} into {{language|French}}, then {{ text }} again, {{zweite Größe}}."
    assert find_variables(text) == (
        TemplateVariable("text"),
        TemplateVariable("language", "French"),
        TemplateVariable("zweite Größe"),
    )


def test_what_is_given_wins_over_the_default() -> None:
    text = "{{a}}-{{b|two}}-{{c|three}}"
    assert fill_template(text, {"a": "1", "b": "2"}) == "1-2-three"
    assert fill_template(text, {}) == "-two-three"
    assert fill_template("{{a|x}} and {{a}}", {}) == "x and x", "one name, one value"


def test_a_value_is_never_read_again() -> None:
    assert fill_template("{{a}} {{b}}", {"a": "{{b}}", "b": r"\{{a}} \1"}) == r"{{b}} \{{a}} \1"


def test_escapes_and_other_braces_stay() -> None:
    assert fill_template(r"\{{a}} {{a}}", {"a": "x"}) == "{{a}} x"
    assert find_variables(r"\{{a}}") == ()
    for text in ("{{}}", "{{ }}", "{{1a}}", "{a}", "{{a.b}}", "{{a", '{"a": {"b": 1}}', "{{#each x}}"):
        assert find_variables(text) == ()
        assert fill_template(text, {"a": "x"}) == text


@given(st.text(alphabet="ab{}|\\ \n"), st.text())
def test_nothing_typed_breaks_it(text: str, value: str) -> None:
    names = [variable.name for variable in find_variables(text)]
    result = fill_template(text, dict.fromkeys(names, value))
    if not names and "\\{{" not in text:
        assert result == text
