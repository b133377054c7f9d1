"""Probes a gateway before its first use: obstacles such as a missing key, and whether it answers."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from zaguan_tui.client.errors.exceptions import ZaguanError
from zaguan_tui.config.connection import Connection, is_loopback
from zaguan_tui.config.secrets import Secret
from zaguan_tui.screens.common.connection_info import UNENCRYPTED, NewConnection
from zaguan_tui.state.core.problems import explain_error, is_unsupported_call, is_web_page
from zaguan_tui.state.core.store import Problem

if TYPE_CHECKING:
    from zaguan_tui.client.client import ZaguanClient
    from zaguan_tui.client.dispatch.trace import Observer

NO_KEY = Problem(
    "There is no API key for this gateway.",
    "Set ZAGUAN_API_KEY, name a key source in the configuration file, or try the sandbox.",
    kind="no_key",
)


def find_obstacle(connection: Connection, api_key: Secret | None) -> Problem | None:
    """What must be settled before the first request: a key that is missing, or would travel in clear."""
    if connection.sends_keys_in_clear and api_key is not None:
        return explain_unencrypted(connection.host)
    local = is_loopback(urlsplit(connection.base_url).hostname or "")
    return None if api_key is not None or connection.profile.auth == "none" or local else NO_KEY


def explain_unencrypted(host: str) -> Problem:
    """The question whether a key may cross a network unencrypted."""
    return Problem(
        f"{host} is reached over plain http: anyone on the way can read the key.",
        "Use https, or set accept_plain_http in the profile.",
        kind=UNENCRYPTED,
    )


async def probe_gateway(
    connection: NewConnection, observers: Sequence[Observer]
) -> tuple[ZaguanClient | None, Problem | None]:
    """Ask for the models: the client when a gateway answers, also one without a list, else what was wrong."""
    module: Any = await asyncio.to_thread(importlib.import_module, "zaguan_tui.client.client")
    try:
        client: ZaguanClient = module.ZaguanClient(
            connection.base_url, connection.api_key, observers=observers
        )
    except ValueError as error:
        return None, explain_error(error)
    parts = urlsplit(client.base_url)
    if parts.scheme == "http" and not is_loopback(parts.hostname or "") and not connection.unencrypted:
        await client.aclose()
        return None, explain_unencrypted(parts.netloc)
    try:
        await client.list_models()
    except BaseException as error:
        if is_unsupported_call(error) and not is_web_page(error):
            return client, None
        await client.aclose()
        if isinstance(error, ZaguanError):
            return None, explain_error(error, address=parts.netloc)
        raise
    return client, None
