"""Connection shown in the header, and the session protocol by which screens change it.

The screens see only this protocol; the object behind it is the composition root, which alone knows clients,
files and the sandbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from zaguan_tui.config.launch import LaunchRequest
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.core.store import Problem, Store

UNENCRYPTED = "unencrypted"
"""The kind of problem that is a question: the key would cross a network in clear."""


@dataclass(frozen=True, slots=True)
class ConnectionInfo:
    """The connection as a person names it.

    ``environment`` is ``dev``, ``staging``, ``prod`` or ``demo``; ``host`` is host and port; ``configured``
    is false until there is an address and a key to try; ``problem`` says why there is none.
    """

    profile: str = ""
    environment: str = ""
    host: str = ""
    read_only: bool = False
    configured: bool = False
    scenario: str | None = None
    problem: Problem | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewConnection:
    """Input of the connect form. The key is shown nowhere and written only when asked to.

    ``unencrypted`` is the person's consent to send the key in clear.
    """

    base_url: str
    api_key: str
    remember: bool = False
    unencrypted: bool = False

    def __repr__(self) -> str:
        """The address without the key."""
        return f"NewConnection({self.base_url!r})"


class Session(Protocol):
    """What the app may ask of the composition root."""

    @property
    def app_state(self) -> AppState:
        """The application state."""
        ...

    @property
    def frame(self) -> Store[ConnectionInfo]:
        """The connection, watchable."""
        ...

    @property
    def ready(self) -> Store[bool]:
        """True once conversations can be read and kept."""
        ...

    async def open(self) -> None:
        """Connect as configured and start polling; problems land in the frame and the link."""
        ...

    async def open_unencrypted(self) -> None:
        """Connect with consent to send the key unencrypted."""
        ...

    async def connect(self, connection: NewConnection) -> Problem | None:
        """Try an address and a key; ``None`` when the gateway answered, else what was wrong."""
        ...

    async def try_sandbox(self, scenario: str = "calm") -> Problem | None:
        """Start the embedded gateway and connect to it."""
        ...

    def report_fault(self, error: Exception) -> None:
        """Write a report of a fault of this program, without secrets, and raise an alert that names it."""
        ...

    async def close(self) -> None:
        """Stop polling, save, close connections, end the sandbox."""
        ...


@runtime_checkable
class LinkOpener(Protocol):
    """The app as screens and the palette see it: it opens links."""

    async def open_link(self, link: str) -> None:
        """Open ``provider:groq``, ``model:openai/gpt-4o``, ``room:jobs`` …"""
        ...


class ScreenPreferences(Protocol):
    """Preferences for screens."""

    @property
    def enter_sends(self) -> bool:
        """Whether enter sends a prompt; else it starts a new line."""
        ...

    @property
    def keymap(self) -> Mapping[str, str]:
        """Their own keys by action id."""
        ...


@runtime_checkable
class ScreenOptions(Protocol):
    """The app as screens see it: it has options."""

    @property
    def options(self) -> ScreenPreferences:
        """The preferences of the person."""
        ...


def initial_connection_info(request: LaunchRequest) -> ConnectionInfo:
    """The connection as the command line asks for it, before anything is connected."""
    if request.sandbox is not None:
        return ConnectionInfo(
            "sandbox", "demo", "starting", request.read_only, configured=True, scenario=request.demo
        )
    connection = request.connection
    if connection is None:
        return ConnectionInfo(read_only=request.read_only)
    profile = connection.profile
    return ConnectionInfo(
        profile.name, profile.environment or "", connection.host, request.read_only, configured=True
    )
