"""What the command line asks of the app: everything a start needs, checked and complete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from zaguan_tui.config.connection import Connection
from zaguan_tui.config.origins import Origins
from zaguan_tui.config.paths import Paths
from zaguan_tui.config.secrets import Secret
from zaguan_tui.config.settings import Profile, Settings

if TYPE_CHECKING:
    from zaguan_tui.client.dispatch.credentials import Redactor


class SandboxAddress(Protocol):
    """Where a started sandbox listens, and the keys it takes."""

    @property
    def base_url(self) -> str:
        """Address without ``/v1``."""
        ...

    @property
    def api_key(self) -> str:
        """Key for ordinary calls."""
        ...

    @property
    def admin_key(self) -> str:
        """Key for admin calls."""
        ...


class SandboxProcess(Protocol):
    """A sandbox that has been spawned and is booting; the command line stops it when the app has ended."""

    def spawn(self) -> None:
        """Start it; harmless when it runs already."""
        ...

    async def ready(self) -> SandboxAddress:
        """Wait until it listens."""
        ...

    def stop(self) -> None:
        """End it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchRequest:
    """How to open the app.

    ``demo`` is the scenario of the sandbox that is already booting in ``sandbox``; the connection's address
    and the keys are then the sandbox's. ``connection`` is ``None`` when nothing is configured (first run).
    ``theme``, ``read_only`` and ``mouse`` have precedence applied. ``paths.data_dir`` is a throw-away
    directory in a demo. ``redactor`` knows every secret of this run: logs, exports and reports pass through
    it.
    """

    settings: Settings
    origins: Origins
    paths: Paths
    connection: Connection | None = None
    api_key: Secret | None = None
    admin_key: Secret | None = None
    demo: str | None = None
    sandbox: SandboxProcess | None = None
    screen: str | None = None
    theme: str | None = None
    read_only: bool = False
    mouse: bool = True
    seed: int = 7
    redactor: Redactor | None = None

    @property
    def profile(self) -> Profile | None:
        """The profile to open, with address and precedence applied."""
        return self.connection.profile if self.connection else None

    @property
    def base_url(self) -> str | None:
        """The gateway's address; ``None`` in a demo (ask the sandbox) and on a first run."""
        return self.connection.base_url if self.connection else None
