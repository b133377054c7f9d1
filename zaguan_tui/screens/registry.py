"""Which rooms there are: name, digit, title, the links they open, and where their screen is to be found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RoomInfo:
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


_TO_COME = "zaguan_tui.screens.to_come:ToComeRoom"

ROOMS: tuple[RoomInfo, ...] = (
    RoomInfo(
        "overview",
        "1",
        "Overview",
        "Over",
        _TO_COME,
        promise="One page that answers “is anything wrong?” in words: links, breakers, credits, jobs.",
    ),
    RoomInfo(
        "playground",
        "2",
        "Playground",
        "Play",
        "zaguan_tui.screens.playground.screen:PlaygroundRoom",
        links=("model", "chat"),
    ),
    RoomInfo(
        "models",
        "3",
        "Models",
        "Models",
        _TO_COME,
        promise="Every model in one table: filter by context, price, band and capability, and see why not.",
    ),
    RoomInfo(
        "credits",
        "4",
        "Credits",
        "Credits",
        _TO_COME,
        promise="Balance, spend by model, provider and band, burn rate and the day the credits run out.",
    ),
    RoomInfo(
        "providers",
        "5",
        "Providers",
        "Prov",
        "zaguan_tui.screens.providers.screen:ProvidersRoom",
        links=("provider",),
    ),
    RoomInfo(
        "jobs",
        "6",
        "Jobs",
        "Jobs",
        _TO_COME,
        links=("batch", "job"),
        promise="Batches, message batches, fine-tunes and runs on one board, with their failures row by row.",
    ),
    RoomInfo(
        "workbench",
        "7",
        "Workbench",
        "Work",
        _TO_COME,
        promise="Embeddings, images, audio, moderation, tokens, and a form for any other endpoint.",
    ),
    RoomInfo(
        "assistants",
        "8",
        "Assistants",
        "Asst",
        _TO_COME,
        links=("assistant", "thread", "run"),
        promise="Assistants, threads and runs, with each run drawn as the state machine it is.",
    ),
    RoomInfo(
        "admin",
        "9",
        "Admin",
        "Admin",
        _TO_COME,
        promise="Enable, disable and reload: armed on purpose, confirmed in numbers, verified afterwards.",
    ),
    RoomInfo(
        "requests",
        "0",
        "Requests",
        "Reqs",
        _TO_COME,
        links=("request",),
        promise="Every request this program made: headers, bodies, timing, and the same call as code.",
    ),
)

VIEWS: tuple[RoomInfo, ...] = (
    RoomInfo(
        "compare",
        "",
        "Compare",
        "Compare",
        "zaguan_tui.screens.playground.compare.screen:CompareRoom",
        links=("comparison",),
        parent="playground",
    ),
    RoomInfo(
        "realtime",
        "",
        "Realtime",
        "Realtime",
        "zaguan_tui.screens.playground.realtime.screen:RealtimeRoom",
        parent="playground",
    ),
)
"""Rooms of their own that belong to one of :data:`ROOMS`."""

ALL_ROOMS: tuple[RoomInfo, ...] = (*ROOMS, *VIEWS)
ROOM_NAMES: tuple[str, ...] = tuple(room.name for room in ALL_ROOMS)
FIRST_ROOM = "playground"


def room_named(name: str) -> RoomInfo:
    """The room called ``name``; raises ``KeyError`` for a name that is none of :data:`ROOM_NAMES`."""
    return _BY_NAME[name]


def room_for_link(link: str) -> RoomInfo | None:
    """The room that opens ``scheme:target``, or ``None`` when no room knows the scheme."""
    scheme = link.partition(":")[0]
    return next((room for room in ALL_ROOMS if scheme in room.links), None)


def family_of(room: RoomInfo) -> tuple[RoomInfo, ...]:
    """The room a view belongs to with all its views, in their order; nothing for a room without views."""
    head = room_named(room.parent or room.name)
    views = tuple(view for view in VIEWS if view.parent == head.name)
    return (head, *views) if views else ()


_BY_NAME = {room.name: room for room in ALL_ROOMS}
