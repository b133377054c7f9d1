"""The keys that work right now, in one widget.

Textual's own Footer mounts a widget for every key at every focus change and leaks the old ones
(textualize/textual#6666), so this one draws a line instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.binding import Binding
    from textual.screen import Screen

GAP = "  "


class KeyBar(Widget):
    """Draws the shown bindings of the focused part of the screen; a click runs one."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__(id="keybar")

    def on_mount(self) -> None:
        """Follow the screen's bindings for as long as the bar is there."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def on_unmount(self) -> None:
        """Let go of the signal: it would keep this widget alive."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _bindings_changed(self, _screen: Screen[object]) -> None:
        self.refresh()

    def render(self) -> Content:
        """As many keys as fit, those nearest to the focus first; help always at the end."""
        width = self.content_size.width
        seen: set[str] = set()
        near: list[Content] = []
        far: list[Content] = []
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if not binding.show or binding.action in seen:
                continue
            seen.add(binding.action)
            side = far if binding.id is not None and binding.id.startswith("app.") else near
            side.append(self._key(binding, enabled=active.enabled))
        return self._fit(near, far, width)

    def _fit(self, near: list[Content], far: list[Content], width: int) -> Content:
        end = Content(GAP).join(far)
        room = width - end.cell_length - len(GAP)
        start = Content("")
        for key in near:
            longer = Content(GAP).join([start, key]) if start else key
            if longer.cell_length > room:
                break
            start = longer
        gap = " " * max(1, width - start.cell_length - end.cell_length)
        return Content.assemble(start, gap, end)

    def _key(self, binding: Binding, *, enabled: bool) -> Content:
        key_color, word_color = ("$primary", "$ink-soft") if enabled else ("$ink-faint", "$ink-faint")
        key = self.app.get_key_display(binding)
        look = Content.assemble((key, f"bold {key_color}"), (f" {binding.description}", word_color))
        if not enabled:
            return look
        return look.stylize(Style.from_meta({"@click": f"app.simulate_key('{binding.key}')"}))
