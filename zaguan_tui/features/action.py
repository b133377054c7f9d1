"""What an action is: one row of the registry."""

from __future__ import annotations

from dataclasses import dataclass

EVERYWHERE = "everywhere"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do.

    ``id`` names it in the config file, ``act`` is the Textual action string, ``keys`` the comma-separated
    default keys, ``title`` the word in the key bar, ``help`` one sentence, ``where`` the screen, widget
    or sheet it belongs to. ``danger`` marks what changes the gateway: read-only mode disables it.
    ``shown`` puts it in the key bar; ``priority`` lets it win over a focused text field.
    """

    id: str
    act: str
    keys: str
    title: str
    help: str
    where: str = EVERYWHERE
    danger: bool = False
    shown: bool = True
    priority: bool = False
    display: str | None = None
