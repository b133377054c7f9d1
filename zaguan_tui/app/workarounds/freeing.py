"""Removed widgets are freed at once, not when the garbage collector comes.

A widget's styles refer back to it: some 200 objects for each removed widget stay until a look at everything
that lives, which holds the loop for as long as it takes. Styles may lack a widget, so the reference is cut.
"""

from __future__ import annotations

from textual.widget import Widget

_message_loop_exit = Widget._message_loop_exit


async def _exit_and_cut(widget: Widget) -> None:
    await _message_loop_exit(widget)
    widget._css_styles.node = None
    widget._inline_styles.node = None


def free_removed_widgets() -> None:
    """Cut the cycle of every widget whose message loop ends."""
    Widget._message_loop_exit = _exit_and_cut  # type: ignore[method-assign, assignment]
