"""Builds a client from a configured connection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zaguan_tui.config.connection import Connection
from zaguan_tui.config.secrets import Secret
from zaguan_tui.config.settings import Profile

if TYPE_CHECKING:
    from zaguan_tui.client.client import ZaguanClient
    from zaguan_tui.client.dispatch.options import ClientOptions
    from zaguan_tui.client.dispatch.trace import Observer


def client_options(profile: Profile) -> ClientOptions:
    """What ``profile`` says about every call, in the client's words."""
    from pathlib import Path

    from zaguan_tui.client.dispatch.options import AuthScheme, ClientOptions, ServerDialect, Timeouts

    seconds = profile.timeout
    ca_file = None
    if profile.ca_file is not None:
        ca_file = str((profile.folder or Path()) / Path(profile.ca_file).expanduser())
    return ClientOptions(
        timeout=Timeouts() if seconds is None else Timeouts(read=seconds, stall=seconds),
        headers=dict(profile.headers),
        auth=AuthScheme.X_API_KEY if profile.auth == "x-api-key" else AuthScheme.BEARER,
        dialect=ServerDialect(profile.dialect),
        organization=profile.organization,
        project=profile.project,
        ca_file=ca_file,
        body_limit=int(profile.body_limit * 1_000_000),
    )


def open_client(
    connection: Connection,
    api_key: Secret | None,
    admin_key: Secret | None = None,
    *,
    options: ClientOptions | None = None,
    observers: Sequence[Observer] = (),
) -> ZaguanClient:
    """A client for ``connection``; nothing is sent yet. ``options`` replace those of the profile.

    ``observers`` see every attempt.
    """
    from zaguan_tui.client.client import ZaguanClient

    return ZaguanClient(
        connection.base_url,
        api_key.reveal() if api_key else None,
        admin_key=admin_key.reveal() if admin_key else None,
        options=options or client_options(connection.profile),
        observers=observers,
    )
