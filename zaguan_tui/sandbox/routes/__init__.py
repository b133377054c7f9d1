"""The endpoints, one file per section of the catalogue. Each file offers ``ROUTES``."""

from __future__ import annotations

from starlette.routing import BaseRoute

from zaguan_tui.sandbox.routes import capabilities, chat, circuit_breaker, models, providers, sandbox
from zaguan_tui.sandbox.routes import credits as credit_account


def served() -> list[BaseRoute]:
    """Every route this sandbox answers, fixed paths before those with a free part."""
    parts = (chat, models, capabilities, credit_account, providers, circuit_breaker, sandbox)
    return [route for part in parts for route in part.ROUTES]
