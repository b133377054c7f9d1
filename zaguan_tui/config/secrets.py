"""A key in an object that does not give itself away, and the eye for keys in the wrong place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

_NAMES = re.compile(
    r"(api|access|admin|secret|private)?_?(key|token|secret|passw(or)?d|credential)s?$", re.IGNORECASE
)
_PREFIXED = re.compile(
    r"\b(?:(?:sk|pk|rk|zg|zk|ghp|gho|xox[abp]|hf|glpat)[-_][\w-]{8,}"
    r"|AIza[\w-]{10,}|AKIA\w{10,}|Bearer \S{8,})"
)
_ADDRESS_VARIABLE = re.compile(r"(_proxy|^zaguan_base_url)$", re.IGNORECASE)
_DENSE = re.compile(r"[A-Za-z0-9+/=_-]{24,}")


class Secret:
    """A string that is masked wherever it is printed, formatted or logged; :meth:`reveal` is the one way to
    it.

    ``origin`` says in words where it came from (``ENV ZAGUAN_API_KEY``) and may be shown. Two secrets are
    compared in constant time. A secret cannot be pickled.
    """

    __slots__ = ("_value", "origin")

    def __init__(self, value: str, origin: str = "") -> None:
        self._value = value
        self.origin = origin

    def reveal(self) -> str:
        """The value, for the one place that puts it on the wire."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret(from {self.origin})" if self.origin else "Secret()"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        from hmac import compare_digest  # here: it brings OpenSSL, which most runs of the CLI need not load

        return compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __bool__(self) -> bool:
        return bool(self._value)

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a Secret cannot be pickled or copied out of the process")


def names_secret(name: str) -> bool:
    """Whether ``name`` (of a setting, a variable) says that its value is a secret."""
    return _NAMES.search(name) is not None


def looks_secret(text: str) -> bool:
    """Whether ``text`` could be a key that someone put where a name, a path or a word belongs."""
    if _PREFIXED.search(text):
        return True
    return any(
        any(c.isdigit() for c in run) and any(c.isalpha() for c in run) and "/" not in run
        for run in _DENSE.findall(text)
    )


def secrets_in(environ: Mapping[str, str]) -> list[str]:
    """The values of all environment variables whose names say that they are secret, and the passwords in the
    addresses of proxies and of the gateway.
    """
    named = [value.strip() for name, value in environ.items() if names_secret(name) and value.strip()]
    addresses = [value for name, value in environ.items() if _ADDRESS_VARIABLE.search(name)]
    return named + [password for address in addresses for password in passwords_in(address)]


def passwords_in(address: str) -> list[str]:
    """What of an address is a password, also where a character in it makes the address unreadable.

    ``http://me:secret#1@proxy:3128`` gives ``me:secret#1``, ``secret#1``, and ``secret``, which a parser
    takes for the port.
    """
    user_info, at, _ = address.rpartition("://")[2].rpartition("@")
    _, colon, password = user_info.partition(":")
    if not at or not colon:
        return []
    forms = (user_info, password, unquote(password), *re.split("[#/?]", password))
    return [form for form in dict.fromkeys(forms) if form]
