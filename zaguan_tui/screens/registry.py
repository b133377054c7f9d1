"""Which rooms there are: name, digit, title, the links they open, and where their screen is to be found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScreenInfo:
    """One room of the house.

    ``screen`` is ``module:Class``, imported on the first visit. ``links`` are the link schemes it answers
    (``provider`` for ``provider:groq``). ``promise`` says in one line what a room still to come will do.
    ``parent`` is the room that a view belongs to: a view is a room without a digit, one key from its parent.
    """

    name: str
    digit: str
    title: str
    short: str
    screen: str
    links: tuple[str, ...] = ()
    promise: str = ""
    parent: str = ""


_PLACEHOLDER = "zaguan_tui.screens.common.placeholder:PlaceholderScreen"

SCREENS: tuple[ScreenInfo, ...] = (
    ScreenInfo(
        "overview",
        "1",
        "Overview",
        "Over",
        _PLACEHOLDER,
        promise="One page that answers “is anything wrong?” in words: links, breakers, credits, jobs.",
    ),
    ScreenInfo(
        "playground",
        "2",
        "Playground",
        "Play",
        "zaguan_tui.screens.playground.screen:PlaygroundScreen",
        links=("model", "chat"),
    ),
    ScreenInfo(
        "models",
        "3",
        "Models",
        "Models",
        _PLACEHOLDER,
        promise="Every model in one table: filter by context, price, band and capability, and see why not.",
    ),
    ScreenInfo(
        "credits",
        "4",
        "Credits",
        "Credits",
        _PLACEHOLDER,
        promise="Balance, spend by model, provider and band, burn rate and the day the credits run out.",
    ),
    ScreenInfo(
        "providers",
        "5",
        "Providers",
        "Prov",
        "zaguan_tui.screens.providers.screen:ProvidersScreen",
        links=("provider",),
    ),
    ScreenInfo(
        "jobs",
        "6",
        "Jobs",
        "Jobs",
        _PLACEHOLDER,
        links=("batch", "job"),
        promise="Batches, message batches, fine-tunes and runs on one board, with their failures row by row.",
    ),
    ScreenInfo(
        "workbench",
        "7",
        "Workbench",
        "Work",
        _PLACEHOLDER,
        promise="Embeddings, images, audio, moderation, tokens, and a form for any other endpoint.",
    ),
    ScreenInfo(
        "assistants",
        "8",
        "Assistants",
        "Asst",
        _PLACEHOLDER,
        links=("assistant", "thread", "run"),
        promise="Assistants, threads and runs, with each run drawn as the state machine it is.",
    ),
    ScreenInfo(
        "admin",
        "9",
        "Admin",
        "Admin",
        _PLACEHOLDER,
        promise="Enable, disable and reload: armed on purpose, confirmed in numbers, verified afterwards.",
    ),
    ScreenInfo(
        "requests",
        "0",
        "Requests",
        "Reqs",
        _PLACEHOLDER,
        links=("request",),
        promise="Every request this program made: headers, bodies, timing, and the same call as code.",
    ),
)

VIEWS: tuple[ScreenInfo, ...] = (
    ScreenInfo(
        "compare",
        "",
        "Compare",
        "Compare",
        "zaguan_tui.screens.compare.screen:CompareScreen",
        links=("comparison",),
        parent="playground",
    ),
    ScreenInfo(
        "realtime",
        "",
        "Realtime",
        "Realtime",
        "zaguan_tui.screens.realtime.screen:RealtimeScreen",
        parent="playground",
    ),
)
"""Rooms of their own that belong to one of :data:`SCREENS`."""

ALL_SCREENS: tuple[ScreenInfo, ...] = (*SCREENS, *VIEWS)
SCREEN_NAMES: tuple[str, ...] = tuple(screen.name for screen in ALL_SCREENS)
FIRST_SCREEN = "playground"


def get_screen_info(name: str) -> ScreenInfo:
    """The room called ``name``; raises ``KeyError`` for a name that is none of :data:`SCREEN_NAMES`."""
    return _BY_NAME[name]


def find_screen_for_link(link: str) -> ScreenInfo | None:
    """The room that opens ``scheme:target``, or ``None`` when no room knows the scheme."""
    scheme = link.partition(":")[0]
    return next((screen for screen in ALL_SCREENS if scheme in screen.links), None)


def list_views(screen: ScreenInfo) -> tuple[ScreenInfo, ...]:
    """The room a view belongs to with all its views, in their order; nothing for a room without views."""
    head = get_screen_info(screen.parent or screen.name)
    views = tuple(view for view in VIEWS if view.parent == head.name)
    return (head, *views) if views else ()


_BY_NAME = {screen.name: screen for screen in ALL_SCREENS}
