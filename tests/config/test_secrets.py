from __future__ import annotations

import pytest

from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.config.errors import ConfigProblem
from zaguan_tui.config.schema import RejectedError, read_url
from zaguan_tui.config.secrets import passwords_in, secrets_in

PASSWORDS = [
    "geheim#1",
    "geheim/1",
    "geheim?1",
    "1#geheim",
    "1/geheim",
    "1?geheim",
    "ge:heim",
    "geheim",
    "[geheim",
]


@pytest.mark.parametrize(
    ("address", "passwords"),
    [
        ("http://me:geheim#1@127.0.0.1:9", ["me:geheim#1", "geheim#1", "geheim", "1"]),
        ("me:geheim@proxy:3128", ["me:geheim", "geheim"]),
        ("http://me:g%23heim1@proxy", ["me:g%23heim1", "g%23heim1", "g#heim1"]),
        ("socks5://me@proxy:1080", []),
        ("http://proxy:3128", []),
        ("localhost,127.0.0.1,::1,[::1]", []),
        ("", []),
    ],
)
def test_the_password_of_an_address_is_found_also_where_a_parser_fails(
    address: str, passwords: list[str]
) -> None:
    assert passwords_in(address) == passwords


def test_only_variables_that_hold_addresses_are_looked_at_for_passwords() -> None:
    environ = {
        "https_proxy": "http://me:geheim#1@proxy:1",
        "ZAGUAN_BASE_URL": "https://me:zweites@host",
        "PATH": "/opt/node@18/bin:/usr/local/bin@x",
        "SOME_TOKEN": "tok-1234567",
    }
    assert {"geheim", "zweites", "tok-1234567"} <= set(secrets_in(environ))
    assert not [secret for secret in secrets_in(environ) if "opt" in secret or "local" in secret]


@pytest.mark.parametrize("password", PASSWORDS)
def test_a_password_in_a_base_url_is_never_repeated(password: str) -> None:
    address = f"https://me:{password}@gateway.example:9"
    with pytest.raises(RejectedError) as refused:
        read_url(address)
    sentence = str(ConfigProblem.of("ENV ZAGUAN_BASE_URL", "", address, refused.value))
    assert "geheim" not in sentence
    assert "heim" not in sentence
    assert "ZAGUAN_BASE_URL" in sentence


@pytest.mark.parametrize("password", PASSWORDS)
def test_nor_by_the_client(password: str) -> None:
    from zaguan_tui.client.dispatch.base_url import normalise_base_url

    with pytest.raises(ArgumentError) as refused:
        normalise_base_url(f"https://me:{password}@gateway.example:9")
    assert "heim" not in str(refused.value)


def test_what_cannot_be_read_says_what_to_encode() -> None:
    with pytest.raises(RejectedError, match=r"percent-encoded \(# is %23\)"):
        read_url("https://me:geheim#1@gateway.example")
