"""What a feature is: one screen with its keys, links, styles, state, settings, tables and catalogue calls.

Each screen's folder has a ``feature.py`` with one of these. Names of code are ``module:attribute``, loaded by
:func:`load` when they are needed, so that a feature costs nothing until then.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

from zaguan_tui.features.action import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """Actions of widgets and sheets that several screens use.

    ``sheets`` are those places of actions that lie over a screen: of the keys below only those with priority
    reach through. In ``text_fields`` a character is typed before it is a key.
    """

    actions: tuple[Action, ...] = ()
    sheets: tuple[str, ...] = ()
    text_fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the command line: ``zaguan-tui NAME``.

    ``run`` is called with the invocation and the parsed arguments and returns the exit code; ``arguments``
    adds the arguments to the command's parser.
    """

    name: str
    help: str
    run: str
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class PaletteItem:
    """A thing that the palette finds by name, and the link that opens it. Texts may be foreign."""

    title: str
    help: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One screen and everything that belongs to it.

    - ``name``, ``digit``, ``title``, ``short``: how it is named; ``view`` is its title beside its views.
      ``parent`` is the screen that a view belongs to, and ``keys`` open the view, which has no digit.
    - ``screen``: its class. ``promise`` says in one line what a screen still to come will do.
    - ``links``: the link schemes it opens (``provider`` for ``provider:groq``).
    - ``actions``, ``sheets``, ``text_fields``: as in :class:`Kit`, of this screen alone. ``widgets``: places
      of other actions that occur in it.
    - ``styles``: files of the styles directory, or whole paths. ``help``: how the screen is meant to be used.
    - ``palette``: a function of the application state that gives :class:`PaletteItem` s.
    - ``state``: a function of the :class:`~zaguan_tui.state.context.StateContext` that gives a subject of the
      application state, alert rules included. ``watches``: subjects whose pollers run at the visible pace
      while the screen is shown.
    - ``settings``: a dataclass of settings; its section of the file has the feature's name.
    - ``tables``: steps of SQL from an empty file to today's tables, only ever added to at the end.
    - ``calls``: catalogue calls whose answers it shows. ``sections`` and ``paths``: the parts of the
      catalogue that belong here, shown or still to come; a path beginning wins over a section.
    """

    name: str
    title: str
    screen: str
    short: str = ""
    digit: str = ""
    view: str = ""
    parent: str = ""
    keys: str = ""
    promise: str = ""
    links: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    sheets: tuple[str, ...] = ()
    text_fields: tuple[str, ...] = ()
    widgets: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    help: str = ""
    palette: str = ""
    state: str = ""
    watches: tuple[str, ...] = ()
    settings: type[Any] | None = None
    tables: tuple[tuple[str, ...], ...] = ()
    calls: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    command: Command | None = None

    @property
    def short_title(self) -> str:
        """The title where there is little space."""
        return self.short or self.title


def load(path: str) -> Any:
    """The object behind ``module:attribute``."""
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)
