"""The keys that work right now, in one widget.

Textual's own Footer mounts a widget for every key at every focus change and leaks the old ones
(textualize/textual#6666), so this one draws a line instead.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.content import Content
from textual.widget import Widget

from zaguan_tui.actions.registry import ACTIONS
from zaguan_tui.widgets.clickable import ClickZone, zone_at

if TYPE_CHECKING:
    from textual.binding import ActiveBinding, Binding
    from textual.screen import Screen

GAP = 2


_PLACES = {action.id: place for place, action in enumerate(ACTIONS)}


def _place(active: ActiveBinding) -> int:
    """The registry's order; what is not in the registry (a sheet's own keys) comes first."""
    return _PLACES.get(active.binding.id or "", -1)


class KeyBar(Widget):
    """Draws the shown bindings of the focused part of the screen; a click runs one."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__(id="keybar")
        self._zones: list[ClickZone] = []

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
        seen: set[str] = set()
        near: list[tuple[str, Content]] = []
        far: list[tuple[str, Content]] = []
        for active in sorted(self.screen.active_bindings.values(), key=_place):
            binding = active.binding
            if not binding.show or binding.action in seen:
                continue
            seen.add(binding.action)
            side = far if binding.id is not None and binding.id.startswith("app.") else near
            side.append((binding.key if active.enabled else "", self._key(binding, enabled=active.enabled)))
        return self._line(near, far)

    async def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        zone = zone_at(self._zones, event.get_content_offset(self))
        if zone is not None and zone.target:
            self.app.simulate_key(zone.target)

    def _line(self, near: list[tuple[str, Content]], far: list[tuple[str, Content]]) -> Content:
        width = self.content_size.width
        reserved = sum(look.cell_length + GAP for _, look in far)
        line = Content("")
        self._zones = []
        for key, look in near:
            if line.cell_length + GAP + look.cell_length + reserved > width:
                break
            line = self._add(line, key, look)
        line = line.pad_right(max(0, width - reserved - line.cell_length))
        for key, look in far:
            if line.cell_length + GAP + look.cell_length <= width:
                line = self._add(line, key, look)
        return line

    def _add(self, line: Content, key: str, look: Content) -> Content:
        longer = Content.assemble(line, " " * GAP, look) if line else look
        self._zones.append(ClickZone(longer.cell_length - look.cell_length, longer.cell_length, key))
        return longer

    def _key(self, binding: Binding, *, enabled: bool) -> Content:
        key_color, word_color = ("$primary", "$ink-soft") if enabled else ("$ink-faint", "$ink-faint")
        key = self._called(binding)
        return Content.assemble((key, f"bold {key_color}"), (f" {binding.description}", word_color))

    def _called(self, binding: Binding) -> str:
        """The key as it is called; where a text field takes its character, the key that works still."""
        shown, focused = binding.key_display or "", self.screen.focused
        if len(shown) == 1 and focused is not None and focused.check_consume_key(shown, shown):
            binding = replace(binding, key_display=None)
        return self.app.get_key_display(binding).replace("⏎", "enter")  # missing in many fonts
