"""Keys of a text field in the order they were pressed.

Textual inserts a letter as soon as the field gets it, but runs what another key is bound to (backspace,
enter, an arrow) only after the key has bubbled up to the app. While the loop is busy, a letter that was typed
after backspace is inserted first, and backspace deletes it.
"""

from __future__ import annotations

from textual.events import Key
from textual.widget import Widget
from textual.widgets import Input, TextArea

_handle_key = Widget.handle_key


async def _handle_key_at_once(field: Widget, event: Key) -> bool:
    if await _handle_key(field, event):
        return True
    for namespace, bindings in field.screen._modal_binding_chain:
        if namespace is not field:
            continue
        for binding in bindings.key_to_bindings.get(event.key, ()):
            if "." not in binding.action and await field.app.run_action(binding.action, field):
                event.stop()
                return True
    return False


def run_text_keys_in_order() -> None:
    """Let text fields run their own bindings themselves."""
    for field in (Input, TextArea):
        field.handle_key = _handle_key_at_once  # type: ignore[method-assign, assignment]
