"""A gateway on a real socket for every test that wants one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from served_gateway import Serve, Served, served


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """A function that serves a gateway with the given settings until the test ends."""
    async with AsyncExitStack() as stack:

        async def start(**settings: Any) -> Served:
            return await stack.enter_async_context(served(**settings))

        yield start


@pytest.fixture
async def sandbox(serve: Serve) -> Served:
    """A calm gateway on a fast clock."""
    return await serve()
