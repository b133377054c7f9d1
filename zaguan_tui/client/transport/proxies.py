"""Proxy from the environment for one address; a wrong variable is named, its value never shown.

HTTPS_PROXY, HTTP_PROXY and ALL_PROXY are read as ``urllib`` reads them: lower case wins. Entries of NO_PROXY
that are no host, address or network are skipped. A loopback address never has a proxy.
"""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from zaguan_tui.client.dispatch.base_url import is_loopback_host, origin_of
from zaguan_tui.client.errors.exceptions import ArgumentError

_SCHEMES = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_FORM = "http://host:port"
_SYSTEM = "the system's proxy settings"


@dataclass(frozen=True, slots=True)
class Proxy:
    """``url`` is without user name and password, ``place`` is host and port, ``variable`` names it."""

    url: str
    place: str
    variable: str
    username: str = ""
    password: str = field(default="", repr=False)

    @property
    def title(self) -> str:
        """How sentences call it."""
        return f"The proxy {self.place} ({self.variable})"

    @property
    def full_url(self) -> str:
        """The address with the credentials, percent-encoded, for a library that takes no other form."""
        from urllib.parse import quote

        if not self.username and not self.password:
            return self.url
        scheme, _, rest = self.url.partition("://")
        return f"{scheme}://{quote(self.username, safe='')}:{quote(self.password, safe='')}@{rest}"


def proxy_for(base_url: str, environ: Mapping[str, str]) -> Proxy | None:
    """The proxy for calls to ``base_url``; ``None`` for a direct connection.

    Raises :class:`ArgumentError` that names the variable.
    """
    scheme, host, port = origin_of(base_url)
    if is_loopback_host(host):
        return None
    variable, value = _value(environ, f"{scheme}_proxy") or _value(environ, "all_proxy") or ("", "")
    if not variable and sys.platform in ("darwin", "win32"):
        variable, value = _SYSTEM, getproxies().get(scheme, "")
        if value and proxy_bypass(host):
            return None
    if not value or _is_exempt(host, port, (_value(environ, "no_proxy") or ("", ""))[1]):
        return None
    return _read(variable, value)


def _value(environ: Mapping[str, str], name: str) -> tuple[str, str] | None:
    """The variable that is set and its value; an empty lower-case one hides the other."""
    if name == "http_proxy" and "REQUEST_METHOD" in environ and name not in environ:
        return None  # a CGI script: HTTP_PROXY would be a header of the request
    for spelling in (name, name.upper()):
        if spelling in environ:
            return spelling, environ[spelling].strip()
    return None


def _read(variable: str, value: str) -> Proxy:
    text = value if "://" in value else f"http://{value}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise _refused(variable, text) from None
    if "@" in f"{parts.path}{parts.query}{parts.fragment}" or parts.query or parts.fragment:
        raise _refused(variable, text)
    if parts.scheme.lower() not in _SCHEMES:
        raise ArgumentError(variable, "does not begin with http://, https:// or socks5://", _FORM)
    host = parts.hostname or ""
    if not host or port == 0 or any(ch.isspace() or not ch.isprintable() for ch in host):
        raise ArgumentError(variable, "names no host and port of a proxy", _FORM)
    return _proxy(variable, parts, host, port or _SCHEMES[parts.scheme.lower()])


def _proxy(variable: str, parts: SplitResult, host: str, port: int) -> Proxy:
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return Proxy(
        url=f"{parts.scheme.lower()}://{place}",
        place=place,
        variable=variable,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _refused(variable: str, text: str) -> ArgumentError:
    """The variable cannot be read. With an @ in it, a character of the password is the likely cause."""
    problem = "cannot be read as the address of a proxy"
    if "@" in text:
        problem += "; # / ? @ and : in its user name or password must be percent-encoded (# is %23)"
    return ArgumentError(variable, problem, _FORM)


def _is_exempt(host: str, port: int, entries: str) -> bool:
    """Whether NO_PROXY holds ``host``: itself, a domain above it, a network, or ``*``."""
    return any(_matches(host, port, entry.lower()) for entry in entries.replace(",", " ").split())


def _matches(host: str, port: int, entry: str) -> bool:
    if entry == "*":
        return True
    name = entry.rpartition("://")[2]
    address = _address(host)
    if address is not None:
        try:
            return address in ipaddress.ip_network(name.strip("[]"), strict=False)
        except ValueError:
            pass
    if name.count(":") == 1 or "]:" in name:
        name, _, wanted_port = name.rpartition(":")
        if wanted_port != str(port):
            return False
    name = name.strip("[]").removeprefix("*").strip(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
