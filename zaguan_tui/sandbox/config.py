"""Sandbox configuration and its command-line flags. Standard library only."""

from __future__ import annotations

import argparse
import math
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

SCENARIO_DIRECTORY = Path(__file__).parent / "scenarios"
"""One TOML file per scenario; the file's stem is the scenario's name."""


DIALECTS = ("go", "python", "ts")
"""The official SDKs whose shapes can be forced; without one, answers have the union of all three."""


EARLIEST_START = datetime(1971, 1, 1, tzinfo=UTC)
LATEST_START = datetime(9000, 1, 1, tzinfo=UTC)
"""World starts with the whole seeded past after 1970, and a long run before the year 10000."""

_HEADER_TOKEN = re.compile(r"[\x21-\x7e]+")


class ConfigError(ValueError):
    """A setting the sandbox cannot start with; the message is one sentence for a person."""


def make_key(role: str = "") -> str:
    """A fresh random key, ``sk-sandbox-…``; ``role`` is put in front of the random part."""
    return f"sk-sandbox-{role}{secrets.token_urlsafe(18)}"


def scenario_names() -> tuple[str, ...]:
    """Every scenario that ships, sorted by name."""
    return tuple(sorted(file.stem for file in SCENARIO_DIRECTORY.glob("*.toml")))


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """Everything one run of the sandbox depends on.

    ``port`` 0 takes any free port. ``db`` is a SQLite file, ``None`` keeps the ledger in memory.
    ``world`` is a directory of world files, ``None`` the one that ships.
    ``time_scale`` is world seconds per real second. ``start_at`` is the world's first instant (aware),
    ``None`` means now; a ``db`` that has come further goes on from there.
    ``announce`` prints one JSON line for a parent process instead of the human one, and ends at stdin's EOF.
    ``dialect`` is one of `DIALECTS`, ``None`` serves the union of their shapes.
    """

    host: str = "127.0.0.1"
    port: int = 8787
    api_key: str = field(default_factory=make_key, repr=False)
    admin_key: str = field(default_factory=lambda: make_key("admin-"), repr=False)
    db: Path | None = None
    world: Path | None = None
    seed: int = 7
    time_scale: float = 1.0
    scenario: str = "calm"
    start_at: datetime | None = None
    announce: bool = False
    dialect: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise ConfigError(f"port {self.port} is outside 0..65535.")
        if not (math.isfinite(self.time_scale) and 0.01 <= self.time_scale <= 10_000):
            raise ConfigError(f"time scale {self.time_scale:g} is outside 0.01..10000.")
        if self.scenario not in scenario_names():
            names = ", ".join(scenario_names())
            raise ConfigError(f"there is no scenario {self.scenario!r}; there are: {names}.")
        if self.dialect is not None and self.dialect not in DIALECTS:
            raise ConfigError(f"there is no dialect {self.dialect!r}; there are: {', '.join(DIALECTS)}.")
        _check_key("API key", self.api_key)
        _check_key("admin key", self.admin_key)
        if self.api_key == self.admin_key:
            raise ConfigError("the admin key must differ from the API key.")
        if self.start_at is not None and not EARLIEST_START <= self.start_at <= LATEST_START:
            between = f"{EARLIEST_START:%Y-%m-%d} and {LATEST_START:%Y-%m-%d}"
            raise ConfigError(f"the start {self.start_at.isoformat()} does not lie between {between}.")

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the sandbox."""
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False


def _check_key(name: str, key: str) -> None:
    """Refuse a key that no header can carry as it is, without repeating it. Raises `ConfigError`."""
    if not key.strip():
        raise ConfigError("an empty key protects nothing; leave the flag out for a random one.")
    if _HEADER_TOKEN.fullmatch(key) is None:
        raise ConfigError(f"the {name} may hold ASCII letters, digits and punctuation only, no spaces.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give ``parser`` the sandbox's flags."""
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: loopback only)")
    add("--port", type=int, default=8787, help="port, 0 for any free one (default: 8787)")
    add("--api-key", help="key that clients must send (default: random, printed at start)")
    add("--admin-key", help="key for admin calls (default: random, printed at start)")
    add("--db", type=Path, metavar="FILE", help="SQLite file that survives a restart (default: in memory)")
    add(
        "--world",
        type=Path,
        metavar="DIR",
        help="world files to serve (default: ours); base_url names a real server",
    )
    add("--seed", type=int, default=7, help="seed of the world: same seed, same numbers (default: 7)")
    add(
        "--time-scale",
        type=float,
        default=1.0,
        metavar="X",
        help="world seconds per second (default: 1)",
    )
    add("--scenario", default="calm", metavar="NAME", help=f"one of: {', '.join(scenario_names())}")
    add(
        "--start-at",
        metavar="ISO",
        help="the world's first instant, 2026-11-20T09:00:00Z (default: now; --db goes on where it was)",
    )
    add(
        "--dialect",
        metavar="SDK",
        help=f"shapes of one SDK only: {', '.join(DIALECTS)} (default: all in one)",
    )
    add("--announce", action="store_true", help="print one JSON line and end when standard input closes")


def make_config(args: argparse.Namespace) -> SandboxConfig:
    """The configuration that parsed flags ask for. Raises `ConfigError` with a sentence for a bad value."""
    return SandboxConfig(
        host=args.host,
        port=args.port,
        api_key=make_key() if args.api_key is None else args.api_key,
        admin_key=make_key("admin-") if args.admin_key is None else args.admin_key,
        db=args.db,
        world=args.world,
        seed=args.seed,
        time_scale=args.time_scale,
        scenario=args.scenario,
        start_at=None if args.start_at is None else _instant(args.start_at),
        announce=args.announce,
        dialect=args.dialect,
    )


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{text!r} is not an ISO date and time such as 2026-11-20T09:00:00Z.") from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
