"""Base URL of a gateway: normalisation and checks (wire reference §1.1, proposal)."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from zaguan_tui.client.errors.exceptions import ArgumentError

_OWN_VERSION = re.compile(r"^https?://[^/]+(/.*)?/(v\d+([a-z]+\d*)?|openai)$", re.I)
"""How a base ends that names its version itself: ``/v4``, ``/v1beta``, ``/openai``."""

_VERSION_STEP = re.compile(r"/(v\d+([a-z]+\d*)?|openai)(?=/)", re.I)

_FORM = "http://host[:port][/prefix] or https://host[:port][/prefix]"


def normalise_base_url(text: str) -> str:
    """``text`` without spaces, trailing slashes and one trailing ``/v1``; a path prefix stays.

    A base with another version, or that ends in ``/openai``, is kept as it is, and so is ``/v1`` behind one.

    Raises :class:`ArgumentError` for anything that is not a plain http or https address: other schemes, no
    host, a bad port, a query or fragment, or a user name or password (which would end up in logs).
    """
    cleaned = text.strip()
    parts = _split(cleaned)
    if parts.username is not None or parts.password is not None:
        raise ArgumentError(
            "base_url", "holds a user name or password", f"{_FORM}; the key goes into api_key"
        )
    if "@" in parts.path:  # the rest of a password, shown wherever the address is
        problem = "has a user name or password in which / is not percent-encoded"
        raise ArgumentError("base_url", problem, f"{_FORM}; the key goes into api_key")
    if parts.query or parts.fragment or "?" in cleaned or "#" in cleaned:
        raise ArgumentError(
            "base_url", "has a query or fragment (what follows ? or #), which no call can carry", _FORM
        )
    if not _is_host_name(parts.hostname or ""):
        raise ArgumentError("base_url", "names no valid host", _FORM)
    root, path = f"{parts.scheme.lower()}://{parts.netloc.lower()}", parts.path.rstrip("/")
    if path.endswith("/v1"):
        bare = path[: -len("/v1")].rstrip("/")
        path = path if has_own_version(f"{root}{bare}") else bare
    return f"{root}{path}"


def has_own_version(base_url: str) -> bool:
    """Whether a normalised base names its version itself, so that calls go out without ``/v1``."""
    return _OWN_VERSION.match(base_url) is not None


def join_path(base_url: str, path: str) -> str:
    """The address of a call's ``path`` (``/v1/models``), without ``/v1`` if the base has a version."""
    if has_own_version(base_url) and path.startswith("/v1/"):
        path = path[len("/v1") :]
    return f"{base_url}{path}"


def path_after_version(path: str) -> str | None:
    """The call's path (``/v1/models``) in the ``path`` of a base with its own version; else ``None``."""
    places = [match.end() for match in _VERSION_STEP.finditer(path)]
    return f"/v1{path[places[-1] :]}" if places else None


def is_plaintext_remote(base_url: str) -> bool:
    """True if calls to ``base_url`` would carry the key unencrypted to another machine."""
    parts = _split(base_url.strip())
    return parts.scheme.lower() == "http" and not is_loopback_host(parts.hostname or "")


def is_loopback_host(host: str) -> bool:
    """True for ``localhost``, ``*.localhost``, 127.0.0.0/8 and ::1."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def origin_of(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an absolute http(s) URL: what decides where credentials may go."""
    parts = _split(url)
    default = 443 if parts.scheme.lower() == "https" else 80
    return parts.scheme.lower(), (parts.hostname or "").lower(), parts.port or default


def _is_host_name(host: str) -> bool:
    """Whether the international parts of ``host``, if any, can be encoded and decoded again."""
    if host.isascii() and "xn--" not in host.lower():
        return True
    import idna  # here: most addresses do not need it

    try:
        idna.decode(idna.encode(host.lower()))
    except (idna.IDNAError, UnicodeError):
        return False
    return True


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ArgumentError("base_url", "cannot be read as an address", _FORM) from None
    if parts.scheme.lower() not in ("http", "https") or not text[len(parts.scheme) :].startswith("://"):
        raise ArgumentError("base_url", "does not start with http:// or https://", _FORM)
    if not parts.hostname or any(ch.isspace() or not ch.isprintable() for ch in text):
        raise ArgumentError("base_url", "names no valid host", _FORM)
    if port == 0:
        raise ArgumentError("base_url", "has port 0", "port 1 to 65535")
    return parts
