"""The palette: every action, every room, every provider and model, by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.types import IgnoreReturnCallbackType

from zaguan_tui.keys import ACTIONS, EVERYWHERE, Action
from zaguan_tui.screens.frame import LinkOpener
from zaguan_tui.screens.room import Room
from zaguan_tui.text.sanitize import clean_line


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the palette: what it is called, what it does, and the callback that does it."""

    title: str
    help: str
    run: IgnoreReturnCallbackType


class ActionCommands(Provider):
    """Offers what can be done on the screen the palette was called from, and the things one can open."""

    async def discover(self) -> Hits:
        """Everything that can be done here, before a letter is typed."""
        for command in self._actions():
            yield DiscoveryHit(command.title, command.run, help=command.help)

    async def search(self, query: str) -> Hits:
        """Actions first, then things whose name fits."""
        matcher = self.matcher(query)
        for command in (*self._actions(), *self._things()):
            score = matcher.match(command.title)
            if score > 0:
                yield Hit(score, matcher.highlight(command.title), command.run, help=command.help)

    def _actions(self) -> Iterator[Command]:
        room = self._room()
        for action in ACTIONS:
            if action.where == EVERYWHERE and action.id not in ("app.palette", "app.interrupt"):
                yield Command(_title(action), action.help, partial(self.app.run_action, action.act))
            elif room is not None and action.where == room.info.name:
                yield Command(_title(action), action.help, partial(room.run_action, action.act))

    def _things(self) -> Iterator[Command]:
        room = self._room()
        if room is None:
            return
        for row in room.house.providers.board.rows:
            yield Command(
                clean_line(f"Provider {row.name}"),
                str(row.verdict),
                partial(self._open, f"provider:{row.id}"),
            )
        for entry in room.house.models.catalogue.entries:
            yield Command(clean_line(f"Chat with {entry.id}"), "", partial(self._open, f"model:{entry.id}"))

    async def _open(self, link: str) -> None:
        assert isinstance(self.app, LinkOpener)
        await self.app.open_link(link)

    def _room(self) -> Room | None:
        return self.screen if isinstance(self.screen, Room) else None


def _title(action: Action) -> str:
    if action.id.startswith("room."):
        return f"Go to {action.title}"
    return action.title
