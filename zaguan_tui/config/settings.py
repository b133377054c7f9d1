"""Every setting there is: these classes are the schema, the defaults, the help and the template in one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from zaguan_tui.config import schema
from zaguan_tui.features.registry import FEATURES

T = TypeVar("T")

DEFAULT_BASE_URL = "https://api.zaguanai.com"
"""The public gateway, as in the official SDKs (go docs, ts)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One gateway and how to reach it. ``name`` and ``folder`` (of its file) are not settings themselves."""

    name: str = ""
    folder: Path | None = None
    base_url: str = schema.url(
        DEFAULT_BASE_URL, "Address of the gateway, with or without /v1.", env="ZAGUAN_BASE_URL"
    )
    environment: str | None = schema.choice(
        None, ("dev", "staging", "prod"), "Colours the header, so that production looks like production"
    )
    api_key_env: str | None = schema.variable(
        "Environment variable that holds the API key.", example="ZAGUAN_API_KEY"
    )
    api_key_command: tuple[str, ...] = schema.command(
        "Command whose first line of output is the API key.", example="pass show zaguan/api"
    )
    api_key_file: str | None = schema.path(
        None, "File with the API key, readable by you alone (mode 0600).", example="~/.zaguan/api-key"
    )
    admin_key_env: str | None = schema.variable(
        "Environment variable that holds the admin key.", example="ZAGUAN_ADMIN_KEY"
    )
    admin_key_command: tuple[str, ...] = schema.command(
        "Command whose first line of output is the admin key.", example="pass show zaguan/admin"
    )
    admin_key_file: str | None = schema.path(
        None,
        "File with the admin key, readable by you alone (mode 0600).",
        example="~/.zaguan/admin-key",
    )
    keyring: bool = schema.flag(
        False,
        "Look in the system keyring: service zaguan-tui, user PROFILE/api_key or PROFILE/admin_key.",
    )
    auth: str = schema.choice(
        "bearer", ("bearer", "x-api-key", "none"), "How the key travels; none sends no key at all"
    )
    accept_plain_http: bool = schema.flag(
        False, "Send keys over plain http to a host that is not this machine, without asking."
    )
    headers: Mapping[str, str] = schema.headers("Extra headers for every call; their values are never shown.")
    organization: str | None = schema.text(None, "Sent as OpenAI-Organization.", example="org-1")
    project: str | None = schema.text(None, "Sent as OpenAI-Project.", example="proj-1")
    dialect: str = schema.choice(
        "auto",
        ("auto", "go", "py", "ts"),
        "Which SDK's spelling the server expects where they disagree: ts pages the credits history by number",
    )
    ca_file: str | None = schema.path(
        None, "PEM file of certificates to trust instead of the usual ones.", example="~/.zaguan/ca.pem"
    )
    timeout: float | None = schema.number(
        None, "Seconds of silence after which a call is given up.", low=1, high=3600, example="60"
    )
    body_limit: float = schema.number(
        64, "Megabytes of one answer, decompressed; streams and files have no limit.", low=1, high=4000
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSettings:
    """Seconds between two readings of a source, while a screen that shows it is visible and while none is."""

    providers: float = schema.number(5, "Provider and breaker health, visible.", low=1, high=3600)
    providers_hidden: float = schema.number(10, "Provider and breaker health, hidden.", low=1, high=3600)
    credits: float = schema.number(30, "Credits balance, visible.", low=5, high=3600)
    credits_hidden: float = schema.number(300, "Credits balance, hidden.", low=5, high=86400)
    models: float = schema.number(600, "Models and capabilities.", low=30, high=86400)
    timeout: float = schema.number(
        10,
        "Seconds after which one reading is given up; the list of models has six times as long.",
        low=1,
        high=300,
    )
    body_limit: float = schema.number(
        6, "Megabytes of one reading, decompressed; a longer one is given up.", low=1, high=1000
    )
    paused: bool = schema.flag(False, "Start with all polling paused.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSettings:
    """How the prompt of the playground behaves."""

    enter: str = schema.choice(
        "send", ("send", "newline"), "What enter does; ctrl+j always starts a new line"
    )
    tripwire_percent: float = schema.number(
        1,
        "Ask before a send that would cost more than this share of the credits left; 0 never asks.",
        low=0,
        high=100,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the configuration file may say, with environment and command line already applied."""

    default_profile: str | None = schema.text(
        None, "Profile to open when none is asked for.", env="ZAGUAN_PROFILE", example="work"
    )
    theme: str | None = schema.text(
        None,
        "Colours: zaguan-night, zaguan-day or any theme of Textual.",
        env="ZAGUAN_THEME",
        example="zaguan-day",
    )
    animation: str = schema.choice(
        "basic", ("none", "basic", "full"), "How much moves", env="ZAGUAN_ANIMATION"
    )
    read_only: bool = schema.flag(
        False, "Take away everything that changes the gateway.", env="ZAGUAN_READ_ONLY"
    )
    mouse: bool = schema.flag(True, "Use the mouse; false leaves it to the terminal.")
    poll: PollSettings = field(
        default_factory=PollSettings,
        metadata=schema.section(PollSettings, "How often the program asks the gateway, in seconds."),
    )
    prompt: PromptSettings = field(
        default_factory=PromptSettings,
        metadata=schema.section(PromptSettings, "The prompt of the playground."),
    )
    keys: Mapping[str, str] = schema.texts(
        'Keys by action id, such as "app.quit" = "ctrl+q,f11"; see: zaguan-tui keys.'
    )
    profiles: Mapping[str, Profile] = schema.sections(
        Profile, "The gateways you work with, by a name of yours."
    )
    sections: Mapping[type[Any], Any] = field(default_factory=dict)
    """The sections of features that the file has, by their class; not a setting itself."""

    def section(self, cls: type[T]) -> T:
        """The settings of a feature, by the class that it declares."""
        return cast(T, self.sections[cls]) if cls in self.sections else cls()


def feature_sections() -> Mapping[str, type[Any]]:
    """The classes of the features' own settings, by the name of their section."""
    return {feature.name: feature.settings for feature in FEATURES if feature.settings is not None}
