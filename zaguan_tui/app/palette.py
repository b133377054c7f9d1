"""Command palette: actions, screens and the features' things, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from textual.actions import parse
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.types import IgnoreReturnCallbackType

from zaguan_tui.actions.key_names import key_label
from zaguan_tui.actions.registry import ACTIONS, EVERYWHERE, Action, keys_of
from zaguan_tui.features.feature import load
from zaguan_tui.features.registry import FEATURES
from zaguan_tui.screens.common.base_screen import BaseScreen, explain_disabled
from zaguan_tui.screens.common.connection_info import LinkOpener, ScreenOptions
from zaguan_tui.text.fuzzy import FuzzyIndex, match
from zaguan_tui.text.sanitize import clean_line

MAX_SHOWN = 60
RESOURCE_SCORE_FACTOR = 0.7
"""Actions come before things to open: a thing has this much of an action's score."""


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the palette: what it is called, what it does, and the callback that does it."""

    title: str
    help: str
    run: IgnoreReturnCallbackType


class ActionCommands(Provider):
    """Offers what can be done on the screen the palette was called from, and the things one can open."""

    async def startup(self) -> None:
        """Gather once, search at every key."""
        actions = list(self._actions())
        self._certain = len(actions)
        self._commands = [*actions, *self._things()]
        self._index = FuzzyIndex([command.title for command in self._commands])

    async def discover(self) -> Hits:
        """Everything that can be done here, before a letter is typed."""
        for command in self._actions():
            yield DiscoveryHit(Content(command.title), command.run, text=command.title, help=command.help)

    async def search(self, query: str) -> Hits:
        """The best matches first: actions, screens, things."""
        hits = self._index.search(query)[:MAX_SHOWN]
        best = max((score for _, score in hits), default=1.0) or 1.0
        for row, score in hits:
            command = self._commands[row]
            yield Hit(
                score / best * (1.0 if row < self._certain else RESOURCE_SCORE_FACTOR),
                _marked(command.title, query),
                command.run,
                text=command.title,
                help=command.help,
            )

    def _actions(self) -> Iterator[Command]:
        screen = self._base_screen()
        for action in ACTIONS:
            if (
                screen is not None
                and action.where == screen.feature.name
                and (screen.check_action(*parse(action.act)[1:]) or explain_disabled(self.app, action.id))
            ):
                yield Command(_title(action), self._help(action), partial(screen.run_action, action.act))
        for action in sorted(ACTIONS, key=lambda action: not action.id.startswith("room.")):
            if action.where == EVERYWHERE and action.id not in ("app.palette", "app.interrupt"):
                yield Command(_title(action), self._help(action), partial(self.app.run_action, action.act))

    def _things(self) -> Iterator[Command]:
        screen = self._base_screen()
        if screen is None:
            return
        for feature in FEATURES:
            for item in load(feature.palette)(screen.app_state) if feature.palette else ():
                yield Command(clean_line(item.title), clean_line(item.help), partial(self._open, item.link))

    async def _open(self, link: str) -> None:
        assert isinstance(self.app, LinkOpener)
        await self.app.open_link(link)

    def _help(self, action: Action) -> str:
        """What it does, and the person's own keys for it."""
        own: Mapping[str, str] = self.app.options.keymap if isinstance(self.app, ScreenOptions) else {}
        keys = "  ".join(key_label(key) for key in keys_of(action, own))
        if reason := explain_disabled(self.app, action.id):
            return f"Not now: {reason}"
        return keys if action.id.startswith("room.") else f"{action.help}  {keys}"

    def _base_screen(self) -> BaseScreen | None:
        return self.screen if isinstance(self.screen, BaseScreen) else None


def _title(action: Action) -> str:
    if action.id.startswith("room."):
        return f"Go to {action.title}"
    return action.title


def _marked(title: str, query: str) -> Content:
    fit = match(query, title)
    line = Content(title)
    for place in fit.positions if fit is not None else ():
        line = line.stylize("$primary", place, place + 1)
    return line
