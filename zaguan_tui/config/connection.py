"""Which gateway this run talks to: a profile of the file, with environment and command line applied.

Two rules keep one gateway's key from another. A profile named on the command line is taken as it stands:
what it sets beats the environment. And an address given for one run (``--base-url``, ``ZAGUAN_BASE_URL``)
at another origin than the profile's makes a connection of its own, without the profile's keys, headers and
colour, unless the profile was named too.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from zaguan_tui.config.errors import ConfigError, ConfigProblem
from zaguan_tui.config.loader import LoadedConfig
from zaguan_tui.config.nearest import suggest_name
from zaguan_tui.config.origins import DEFAULT, Origin, Source
from zaguan_tui.config.paths import format_path
from zaguan_tui.config.schema import RejectedError, read_url
from zaguan_tui.config.settings import DEFAULT_BASE_URL, Profile

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Connection:
    """One gateway as this run sees it. ``typed``: the profile was named on the command line.

    ``origin`` is where the address came from.
    """

    profile: Profile
    typed: bool = False
    origin: Origin = DEFAULT

    @property
    def base_url(self) -> str:
        """The address of the gateway."""
        return self.profile.base_url

    @property
    def host(self) -> str:
        """Host and port as written in the address."""
        return urlsplit(self.profile.base_url).netloc

    @property
    def sends_keys_in_clear(self) -> bool:
        """Whether a key would cross a network unencrypted without the profile's leave."""
        parts = urlsplit(self.profile.base_url)
        safe = parts.scheme == "https" or self.profile.accept_plain_http or self.profile.auth == "none"
        return not safe and not is_loopback(parts.hostname or "")


def choose_connection(
    loaded: LoadedConfig,
    environ: Mapping[str, str],
    *,
    profile: str | None = None,
    base_url: str | None = None,
) -> Connection | None:
    """The connection to open; ``None`` when nothing at all is configured.

    ``profile`` and ``base_url`` are the command line's. Raises :class:`ConfigError` for a profile that is
    not there and for an address that is none.
    """
    chosen = _chosen_profile(loaded, profile)
    override = _override(environ, base_url, typed=profile is not None)
    if override is None:
        if chosen is not None:
            key = f"profiles.{chosen.name}.base_url"
            return Connection(chosen, profile is not None, loaded.origins.of(key))
        if environ.get("ZAGUAN_API_KEY", "").strip():
            return Connection(Profile(name="default", base_url=DEFAULT_BASE_URL))
        return None
    address, origin = override
    if chosen is not None and (profile is not None or origin_of(address) == origin_of(chosen.base_url)):
        return Connection(replace(chosen, base_url=address), profile is not None, origin)
    return Connection(Profile(name=urlsplit(address).netloc, base_url=address), False, origin)


def origin_of(address: str) -> tuple[str, str, int]:
    """Scheme, host and port of ``address``: what two addresses must share to be the same server."""
    parts = urlsplit(address)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme, 0)


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this machine, whatever the network says."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _chosen_profile(loaded: LoadedConfig, profile_name: str | None) -> Profile | None:
    profiles = loaded.settings.profiles
    name = profile_name or loaded.settings.default_profile
    if name is None:
        return next(iter(profiles.values()), None)
    if name in profiles:
        return profiles[name]
    origin = (
        Origin(Source.COMMAND_LINE, "--profile") if profile_name else loaded.origins.of("default_profile")
    )
    file = format_path(loaded.paths.config_file)
    none = f"{file} has none; start with: zaguan-tui config init"
    known = suggest_name(name, profiles) if profiles else none
    raise ConfigError(ConfigProblem(str(origin), f"there is no profile {name!r}; {known}"))


def _override(environ: Mapping[str, str], typed_url: str | None, *, typed: bool) -> tuple[str, Origin] | None:
    from_environment = "" if typed else environ.get("ZAGUAN_BASE_URL", "").strip()
    if typed_url is not None:
        address, origin = typed_url, Origin(Source.COMMAND_LINE, "--base-url")
    elif from_environment:
        address, origin = from_environment, Origin(Source.ENVIRONMENT, "ZAGUAN_BASE_URL")
    else:
        return None
    try:
        return read_url(address), origin
    except RejectedError as error:
        raise ConfigError(ConfigProblem.of(str(origin), "", address, error)) from None
