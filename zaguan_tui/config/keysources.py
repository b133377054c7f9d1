"""Where the keys of a connection are looked for, in which order, and how they are read.

Within a profile: environment variable, command, 0600 file, keyring. ``ZAGUAN_API_KEY`` and
``ZAGUAN_ADMIN_KEY`` come before all of them, except when the profile was named on the command line: such a
profile is taken as it stands, and only one that names no source of its own falls back on those variables.
No key is ever taken from the command line.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal, Protocol

from zaguan_tui.config.connection import Connection
from zaguan_tui.config.paths import PROGRAM, format_path
from zaguan_tui.config.secrets import Secret, looks_secret

Role = Literal["api_key", "admin_key"]
GENERAL: Mapping[Role, str] = {"api_key": "ZAGUAN_API_KEY", "admin_key": "ZAGUAN_ADMIN_KEY"}

_COMMAND_SECONDS = 60.0
_OPEN_TO_OTHERS = 0o077
_MAX_KEY_LENGTH = 16_384
_NEVER_WAIT = getattr(os, "O_NONBLOCK", 0)  # opening a pipe without a writer would wait for ever


class KeyProblemError(Exception):
    """A key could not be read. Two sentences: what is wrong and what to do; neither holds any part of the
    key.
    """

    def __init__(self, sentence: str, next_step: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.next_step = next_step


class KeySource(Protocol):
    """One place that may hold a key."""

    def describe(self) -> str:
        """Where this is, in words that may be shown."""
        ...

    def state(self) -> str | None:
        """What a look without reading says: ``set``, ``not run`` …; ``None`` when there is nothing here."""
        ...

    def read(self) -> str | None:
        """The key, or ``None`` when there is none here; raises :class:`KeyProblemError`."""
        ...


@dataclass(frozen=True, slots=True)
class EnvironmentSource:
    """An environment variable."""

    name: str
    value: str | None

    def describe(self) -> str:
        """``ENV NAME``."""
        return f"ENV {self.name}"

    def state(self) -> str | None:
        """``set`` when it holds anything but blanks."""
        return "set" if self.read() else None

    def read(self) -> str | None:
        """The value without blanks around it."""
        return (self.value or "").strip() or None


@dataclass(frozen=True, slots=True)
class CommandSource:
    """A command that prints the key on its first line. It may talk to the person on the terminal."""

    words: tuple[str, ...]

    def describe(self) -> str:
        """``command pass``: only the program's name, since arguments may give something away."""
        return f"command {Path(self.words[0]).name}"

    def state(self) -> str | None:
        """A command is not run to find out."""
        return "not run"

    def read(self) -> str | None:
        """Run the command and take the first line of what it prints."""
        import subprocess

        try:
            done = subprocess.run(
                self.words, stdout=subprocess.PIPE, check=False, timeout=_COMMAND_SECONDS, encoding="utf-8"
            )
        except FileNotFoundError:
            raise self._problem("was not found") from None
        except subprocess.TimeoutExpired:
            raise self._problem(f"gave no key within {_COMMAND_SECONDS:g} seconds") from None
        except (OSError, UnicodeDecodeError):
            raise self._problem("could not be run, or printed something that is not text") from None
        if done.returncode != 0:
            raise self._problem(f"ended with exit code {done.returncode}")
        first_line = done.stdout.strip().splitlines()[:1]
        if not first_line:
            raise self._problem("printed nothing")
        return first_line[0]

    def _problem(self, what: str) -> KeyProblemError:
        return KeyProblemError(
            f"The key {self.describe()} {what}.", "Run it by hand, then correct it in the configuration file."
        )


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file of which only its owner may read or write a byte."""

    path: Path

    def describe(self) -> str:
        """``file ~/.zaguan/api-key``, unless what was given as a path looks like a key."""
        if looks_secret(self.path.name):
            return "file (its name is hidden: it looks like a key)"
        return f"file {format_path(self.path)}"

    def state(self) -> str | None:
        """``set`` when the file is there and private, else what is wrong with it."""
        try:
            mode = self.path.stat().st_mode
        except OSError:
            return "missing"
        return "open to others, refused" if _readable_by_others(mode) else "set"

    def read(self) -> str | None:
        """The content of the file, which must be one line."""
        content = self._content()
        try:
            key = content.decode("utf-8-sig").strip()
        except UnicodeDecodeError:
            raise self._problem("does not hold text", "Put the key alone into it.") from None
        if not key:
            raise self._problem("is empty", "Put the key alone into it.")
        return key

    def _content(self) -> bytes:
        """The bytes of the file; the mode is that of the open file, so nothing can change in between."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | _NEVER_WAIT)
        except OSError as error:
            why = f"cannot be read: {error.strerror}"
            raise self._problem(why, "Create it, or correct its path.") from None
        try:
            mode = os.fstat(descriptor).st_mode
            if not stat.S_ISREG(mode):
                raise self._problem("is no ordinary file", "Name a file that holds nothing but the key.")
            if _readable_by_others(mode):
                open_to = f"can be read by others (mode {stat.S_IMODE(mode):04o})"
                raise self._problem(open_to, f"Run: chmod 600 {self.path}")
            return os.read(descriptor, _MAX_KEY_LENGTH + 1)
        finally:
            os.close(descriptor)

    def _problem(self, what: str, next_step: str) -> KeyProblemError:
        return KeyProblemError(f"The key {self.describe()} {what}.", next_step)


@dataclass(frozen=True, slots=True)
class KeyringSource:
    """The keyring of the desktop, through the optional package ``keyring``."""

    user: str

    def describe(self) -> str:
        """``keyring zaguan-tui/PROFILE/api_key``."""
        return f"keyring {PROGRAM}/{self.user}"

    def state(self) -> str | None:
        """The keyring is not opened to find out: that may ask the person for a password."""
        return "not asked"

    def read(self) -> str | None:
        """The stored password, if there is one."""
        try:
            keyring = import_module("keyring")
            errors = import_module("keyring.errors")
        except ImportError:
            raise KeyProblemError(
                "The profile wants the keyring, but the package keyring is not installed.",
                "Run: pip install 'zaguan-tui[keyring]'",
            ) from None
        try:
            password = keyring.get_password(PROGRAM, self.user)
        except errors.KeyringError:
            raise KeyProblemError(
                "The system keyring could not be opened.", "Unlock it, or give the key another way."
            ) from None
        return str(password or "").strip() or None


def key_sources(connection: Connection, role: Role, environ: Mapping[str, str]) -> list[KeySource]:
    """The places to look for the key of ``role``, first the one that wins."""
    if connection.profile.auth == "none":
        return []
    general = EnvironmentSource(GENERAL[role], environ.get(GENERAL[role]))
    own = list(_own_sources(connection, role, environ))
    if connection.typed:
        return own or [general]
    return [general, *(source for source in own if source != general)]


def resolve_key(connection: Connection, role: Role, environ: Mapping[str, str]) -> Secret | None:
    """The key of ``role``, or ``None`` when no source has one. Raises :class:`KeyProblemError`."""
    for source in key_sources(connection, role, environ):
        key = source.read()
        if key is not None:
            return Secret(_checked(key, source), source.describe())
    return None


def describe_key(connection: Connection, role: Role, environ: Mapping[str, str]) -> str:
    """Whether the key of ``role`` is set and where it comes from, without reading it."""
    if connection.profile.auth == "none":
        return "not used (auth = none)"
    sources = key_sources(connection, role, environ)
    for source in sources:
        state = source.state()
        if state is not None:
            return f"{state}, from {source.describe()}"
    return f"not set (looked in {', '.join(source.describe() for source in sources)})"


def _own_sources(connection: Connection, role: Role, environ: Mapping[str, str]) -> Iterator[KeySource]:
    profile = connection.profile
    api = role == "api_key"
    name = profile.api_key_env if api else profile.admin_key_env
    words = profile.api_key_command if api else profile.admin_key_command
    file = profile.api_key_file if api else profile.admin_key_file
    if name:
        yield EnvironmentSource(name, environ.get(name))
    if words:
        yield CommandSource(words)
    if file:
        yield FileSource((profile.folder or Path()) / Path(file).expanduser())
    if profile.keyring:
        yield KeyringSource(f"{profile.name}/{role}")


def _checked(key: str, source: KeySource) -> str:
    """``key`` if it can travel in a header at all."""
    if len(key) > _MAX_KEY_LENGTH or not (key.isascii() and key.isprintable()) or " " in key:
        raise KeyProblemError(
            f"What {source.describe()} holds cannot be a key: it has a space or an unusual character.",
            "Copy the key again, alone and without quotes.",
        )
    return key


def _readable_by_others(mode: int) -> bool:
    return os.name == "posix" and bool(mode & _OPEN_TO_OTHERS)
