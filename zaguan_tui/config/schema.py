"""What a setting may hold, declared beside the setting: one line gives type, default, limits, help and
variable.

Why by hand and not with pydantic: importing pydantic costs 60 to 70 ms, a fifth of the budget to the first
paint, and its messages would have to be rewritten to name file, line and nearest key anyway. What is left
is the handful of kinds below. Each one turns a TOML value (or the text of an environment variable) into a
checked value or raises :class:`RejectedError` with the end of a sentence that begins with the setting's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from zaguan_tui.config.nearest import nearest

Reader = Callable[[object], object]
"""Takes a raw value, returns the checked one, raises :class:`RejectedError`."""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OWN_HEADERS = frozenset({"authorization", "x-api-key", "x-request-id", "content-type", "accept", "host"})
_WORDS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


class RejectedError(ValueError):
    """A value is refused. The message continues "KEY = VALUE …"; ``nearest`` is what was likely meant.

    ``hide`` says that the value may be a secret in the wrong place and must not be shown; ``entry`` names the
    entry of a table that is to blame.
    """

    def __init__(
        self, message: str, *, nearest: str | None = None, hide: bool = False, entry: str | None = None
    ) -> None:
        super().__init__(message)
        self.nearest = nearest
        self.hide = hide
        self.entry = entry


@dataclass(frozen=True, slots=True)
class Rule:
    """What one setting may hold. ``env`` is the environment variable that overrides the file, if there is
    one.

    ``example`` stands in the template when there is no default. ``secret`` values are never shown.
    ``numeric`` and ``table`` say what is no text. ``section`` is the class of a sub-table, ``each`` the
    class of every table in a table of tables.
    """

    about: str
    read: Reader | None = None
    env: str | None = None
    example: str = ""
    secret: bool = False
    numeric: bool = False
    table: bool = False
    section: type[Any] | None = None
    each: type[Any] | None = None


def _setting(default: Any, rule: Rule) -> Any:
    return field(default=default, repr=not rule.secret, metadata={"rule": rule})


def text(default: str | None, about: str, *, env: str | None = None, example: str = "") -> Any:
    """A text of one line."""
    return _setting(default, Rule(about, read_text, env, example))


def flag(default: bool, about: str, *, env: str | None = None) -> Any:
    """True or false."""
    return _setting(default, Rule(about, read_flag, env))


def number(default: float | None, about: str, *, low: float, high: float, example: str = "") -> Any:
    """A number from ``low`` to ``high``."""
    return _setting(
        default, Rule(about, lambda raw: read_number(raw, low, high), None, example, numeric=True)
    )


def choice(default: str | None, allowed: tuple[str, ...], about: str, *, env: str | None = None) -> Any:
    """One of the texts ``allowed``."""
    offered = " | ".join(f'"{word}"' for word in allowed)
    return _setting(
        default, Rule(f"{about} ({offered}).", lambda raw: read_choice(raw, allowed), env, allowed[-1])
    )


def url(default: str | None, about: str, *, env: str | None = None, example: str = "") -> Any:
    """An http or https address without credentials in it."""
    return _setting(default, Rule(about, read_url, env, example))


def path(default: str | None, about: str, *, example: str = "") -> Any:
    """A path of a file; ``~`` is the home directory, relative paths start at the configuration file."""
    return _setting(default, Rule(about, read_path, None, example))


def command(about: str, *, example: str = "") -> Any:
    """A command line: a text that is split as a shell would, or a list of texts. No shell runs it."""
    return _setting((), Rule(about, read_command, None, example, secret=True))


def variable(about: str, *, example: str = "") -> Any:
    """The name of an environment variable."""
    return _setting(None, Rule(about, read_variable, None, example))


def headers(about: str) -> Any:
    """A table of HTTP headers whose values are treated as secrets."""
    return field(
        default_factory=dict,
        repr=False,
        metadata={"rule": Rule(about, read_headers, None, '"X-Team" = "search"', secret=True, table=True)},
    )


def section(cls: type[Any], about: str) -> dict[str, Rule]:
    """Metadata of a field that is a sub-table with the settings of the dataclass ``cls``."""
    return {"rule": Rule(about, section=cls)}


def sections(cls: type[Any], about: str) -> Any:
    """A table of tables, each with the settings of the dataclass ``cls`` and a name of the user's."""
    return field(default_factory=dict, metadata={"rule": Rule(about, each=cls)})


def texts(about: str) -> Any:
    """A table of texts with names that someone else checks."""
    return field(default_factory=dict, metadata={"rule": Rule(about, read_texts, table=True)})


def read_text(raw: object) -> str:
    """A text of one line that is not empty."""
    if not isinstance(raw, str):
        raise RejectedError("must be a text in quotes")
    if not raw.strip():
        raise RejectedError("is empty: give a text, or leave the line out")
    if any(not character.isprintable() for character in raw):
        raise RejectedError("holds a line break or another invisible character")
    return raw.strip()


def read_flag(raw: object) -> bool:
    """A boolean; from the environment also 1, 0, yes, no, on, off."""
    if isinstance(raw, FromEnvironment):
        flag_value = _WORDS.get(raw.strip().lower())
        if flag_value is not None:
            return flag_value
    if not isinstance(raw, bool):
        raise RejectedError("must be true or false")
    return raw


def read_number(raw: object, low: float, high: float) -> float:
    """A finite number between the limits, both included."""
    requirement = f"must be a number from {low:g} to {high:g}"
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not low <= raw <= high:
        raise RejectedError(requirement)
    return float(raw)


def read_choice(raw: object, allowed: tuple[str, ...]) -> str:
    """One of ``allowed``, exactly."""
    word = read_text(raw)
    if word not in allowed:
        offered = ", ".join(f'"{candidate}"' for candidate in allowed)
        raise RejectedError(f"must be one of {offered}", nearest=nearest(word, allowed))
    return word


def read_url(raw: object) -> str:
    """An absolute http(s) URL with a host, without credentials, query and fragment."""
    address = read_text(raw)
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:  # its words may repeat a password
        raise RejectedError(_why_unreadable(address), hide="@" in address) from None
    if parts.username is not None or parts.password is not None:
        raise RejectedError("holds a user name or password; keys go into the api_key_… settings", hide=True)
    if parts.scheme not in ("http", "https"):
        bare = address.split("://")[-1]
        raise RejectedError(
            "must start with https:// (or http:// on this machine)", nearest=f"https://{bare}"
        )
    if not host or any(character.isspace() for character in address):
        raise RejectedError("names no host; it must look like https://gateway.example.com")
    if "@" in parts.path:
        raise RejectedError(_why_unreadable(address), hide=True)
    if parts.port == 0:
        raise RejectedError("has port 0, on which no server can be reached")
    if not is_host_name(host):
        raise RejectedError("has a host name that is no valid international name (xn--…)")
    if parts.query or parts.fragment:
        raise RejectedError("must end with the path; leave out what follows ? or #", hide=True)
    return address


def _why_unreadable(address: str) -> str:
    """Why an address has no host and port that can be read, without a word of what is in it."""
    if "@" in address:
        return (
            "cannot be read: # / ? and : in a user name or password have to be percent-encoded (# is %23); "
            "but leave both out, keys go into the api_key_… settings"
        )
    return "is not an address: after the host comes a port from 1 to 65535 or a path, and [ ] hold an IPv6"


def is_host_name(host: str) -> bool:
    """Whether the international parts of ``host``, if any, can be encoded and decoded again."""
    if host.isascii() and "xn--" not in host.lower():
        return True
    import idna  # here: most addresses do not need it

    try:
        idna.decode(idna.encode(host.lower()))
    except (idna.IDNAError, UnicodeError):
        return False
    return True


def read_path(raw: object) -> str:
    """A path as text; whether the file is there is found out when it is read."""
    return read_text(raw)


def read_command(raw: object) -> tuple[str, ...]:
    """The words of a command; a text is split by the rules of a shell."""
    if isinstance(raw, str):
        import shlex

        try:
            words = shlex.split(raw)
        except ValueError as error:
            raise RejectedError(f"is not a command: {str(error).lower()}", hide=True) from error
    elif isinstance(raw, list) and all(isinstance(word, str) for word in raw):
        words = list(raw)
    else:
        raise RejectedError("must be a command as one text or as a list of texts", hide=True)
    if not words or not words[0]:
        raise RejectedError("is empty: give a command, or leave the line out")
    return tuple(words)


def read_variable(raw: object) -> str:
    """The name of an environment variable. A key put here by mistake is not shown again."""
    name = read_text(raw)
    if not _VARIABLE.fullmatch(name):
        raise RejectedError(
            "must be the name of an environment variable (ZAGUAN_API_KEY), not the key", hide=True
        )
    return name


def read_headers(raw: object) -> dict[str, str]:
    """HTTP headers as a table of texts, none of them one that the program sets itself."""
    table = read_texts(raw, hide=True)
    for name, value in table.items():
        if not _HEADER.fullmatch(name):
            raise RejectedError("is no name of an HTTP header", hide=True, entry=name)
        if name.lower() in _OWN_HEADERS:
            problem = "is set by zaguan-tui itself; keys go into the api_key_… settings"
            raise RejectedError(problem, hide=True, entry=name)
        if not (value.isascii() and value.isprintable()):
            raise RejectedError("holds a character that no header may have", hide=True, entry=name)
    return table


def read_texts(raw: object, *, hide: bool = False) -> dict[str, str]:
    """A table whose values are all texts."""
    if not isinstance(raw, Mapping):
        raise RejectedError("must be a table", hide=hide)
    for name, value in raw.items():
        if not isinstance(value, str):
            raise RejectedError("must be a text in quotes", hide=hide, entry=name)
    return dict(raw)


class FromEnvironment(str):
    """The text of an environment variable, which has no types: readers may be laxer with it."""

    __slots__ = ()
