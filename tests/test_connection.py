"""From a configured profile to the options of its client."""

from __future__ import annotations

import pytest

from zaguan_tui.client.dispatch.options import AuthScheme, ServerDialect
from zaguan_tui.config.settings import Profile
from zaguan_tui.connection.build import client_options


@pytest.mark.parametrize("dialect", ["auto", "go", "py", "ts"])
def test_the_profile_names_the_dialect_of_the_server(dialect: str) -> None:
    assert client_options(Profile(dialect=dialect)).dialect is ServerDialect(dialect)


def test_what_a_profile_says_about_every_call() -> None:
    options = client_options(Profile(timeout=7, auth="x-api-key", organization="o", body_limit=2))
    assert (options.timeout.read, options.timeout.stall) == (7, 7)
    assert options.auth is AuthScheme.X_API_KEY
    assert (options.organization, options.body_limit) == ("o", 2_000_000)
