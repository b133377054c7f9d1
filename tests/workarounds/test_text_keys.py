"""Keys of a text field that are pressed faster than they are handled."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.app import App, ComposeResult
from textual.events import Key
from textual.widget import Widget
from textual.widgets import Input, TextArea

from zaguan_tui.app.workarounds.text_keys import run_text_keys_in_order


class FieldApp(App[None]):
    """An app with one text field that holds the letter a."""

    def __init__(self, field: Input | TextArea) -> None:
        super().__init__()
        self.field = field
        self.submitted: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.field

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.submitted.append(event.value)


@pytest.fixture(autouse=True)
def _fields_as_before() -> Iterator[None]:
    before = {field: vars(field).get("handle_key") for field in (Input, TextArea)}
    for field in before:
        field.handle_key = Widget.handle_key  # type: ignore[method-assign]
    yield
    for field, method in before.items():
        del field.handle_key  # type: ignore[attr-defined]
        if method is not None:
            field.handle_key = method  # type: ignore[method-assign]


async def text_after(field: Input | TextArea, *keys: str) -> str:
    """What a field that holds "a" holds after keys that all come at once."""
    app = FieldApp(field)
    async with app.run_test() as pilot:
        field.focus()
        field.insert("a", (0, 0)) if isinstance(field, TextArea) else field.insert("a", 0)
        await pilot.pause()
        for key in keys:
            app.post_message(Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        return field.text if isinstance(field, TextArea) else field.value


@pytest.mark.parametrize("field", [Input, TextArea])
@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (("backspace", "b"), "b"),
        (("left", "b"), "ba"),
        (("home", "b", "end", "c"), "bac"),
        (("b", "backspace", "backspace", "c", "d"), "cd"),
    ],
)
async def test_keys_keep_their_order(field: type[Input | TextArea], keys: tuple[str, ...], text: str) -> None:
    run_text_keys_in_order()
    assert await text_after(field(), *keys) == text


async def test_enter_submits_what_was_written_before_it() -> None:
    run_text_keys_in_order()
    app = FieldApp(Input())
    async with app.run_test() as pilot:
        for key in ("a", "b", "enter", "c"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        await pilot.pause()
    assert app.submitted == ["ab"]


@pytest.mark.parametrize("field", [Input, TextArea])
async def test_textual_still_mixes_the_order_up(field: type[Input | TextArea]) -> None:
    """When this fails, the workaround can go."""
    assert await text_after(field(), "backspace", "b") == "a"
