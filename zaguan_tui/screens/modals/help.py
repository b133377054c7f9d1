"""Help sheet: the active keys of a screen, from the registry and the bindings, and how it is used."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from zaguan_tui.actions.registry import ACTIONS, EVERYWHERE, actions_for, bindings_for
from zaguan_tui.screens.common.base_screen import BaseScreen, explain_disabled
from zaguan_tui.widgets.sheet import Sheet

_REGISTERED = {action.id: (place, action) for place, action in enumerate(ACTIONS)}


class HelpScreen(Sheet[None]):
    """The keys that work on the screen below, and how it is meant to be used."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("help")]

    def __init__(self, title: str, prose: str, lines: list[tuple[str, list[tuple[str, str]]]]) -> None:
        super().__init__()
        self._title = title
        self._prose = prose
        self._lines = lines

    @classmethod
    def for_screen(cls, screen: Screen[object]) -> HelpScreen:
        """Help for ``screen``: its prose, its own keys, then those that work everywhere."""
        everywhere = {action.id for action in actions_for(EVERYWHERE)}
        here_rows: dict[str, tuple[list[str], str]] = {}
        everywhere_rows: dict[str, tuple[list[str], str]] = {}
        for active in sorted(screen.active_bindings.values(), key=lambda active: _place(active.binding)):
            binding = active.binding
            reason = explain_disabled(screen.app, binding.id or "")
            if binding.id is None or not (active.enabled or reason):
                continue
            table = everywhere_rows if binding.id in everywhere else here_rows
            text = binding.tooltip or binding.description
            keys, _ = table.setdefault(binding.id, ([], f"{text} Not now: {reason}" if reason else text))
            keys.append(_key_name(screen.app.get_key_display(Binding(binding.key, binding.action))))
        if isinstance(screen, BaseScreen):
            title, prose = screen.feature.title, screen.feature.help
        else:
            title, prose = screen.title or "Keys", getattr(screen, "HELP_TEXT", "")
        sections = [("Here", _rows(here_rows)), ("Everywhere", _rows(everywhere_rows))]
        return cls(title, prose, [section for section in sections if section[1]])

    def compose(self) -> ComposeResult:
        """A framed page that scrolls when the terminal is small."""
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = f"{self._title} · help"
            sheet.border_subtitle = "esc closes"
            with VerticalScroll():
                if self._prose:
                    yield Static(Content.styled(self._prose.strip(), "$foreground"), classes="prose")
                for heading, rows in self._lines:
                    yield Static(Content.styled(heading, "bold $ink-strong"))
                    with Grid(classes="keys"):
                        for keys, text in rows:
                            yield Static(Content.styled(keys, "bold $primary"))
                            yield Static(Content.styled(text, "$foreground"))

    def on_mount(self) -> None:
        """Scroll keys go to the page."""
        self.query_one(VerticalScroll).focus()


def _place(binding: Binding) -> tuple[int, int]:
    """The registry's order of actions, and of the keys of one action; a screen's own keys come first."""
    place, action = _REGISTERED.get(binding.id or "", (-1, None))
    keys = action.keys.split(",") if action is not None else []
    return place, keys.index(binding.key) if binding.key in keys else len(keys)


def _key_name(shown: str) -> str:
    """A key as the key bar names it: the sign for enter is missing in many fonts."""
    return shown.replace("⏎", "enter")


def _rows(table: dict[str, tuple[list[str], str]]) -> list[tuple[str, str]]:
    return [("  ".join(keys), text) for keys, text in table.values()]
