from __future__ import annotations

import pytest

from zaguan_tui.config.connection import choose_connection, is_loopback
from zaguan_tui.config.errors import ConfigError
from zaguan_tui.config.keysources import describe_key, resolve_key
from zaguan_tui.config.schema import RejectedError, read_url
from zaguan_tui.config.settings import DEFAULT_BASE_URL

from .conftest import LoadText

TWO = """\
default_profile = "work"
[profiles.work]
base_url = "https://work.example"
api_key_env = "WORK_KEY"
environment = "prod"
[profiles.lab]
base_url = "http://127.0.0.1:8787"
"""
KEYS = {"WORK_KEY": "work-key-1234", "ZAGUAN_API_KEY": "general-key-1234"}


def test_nothing_configured_means_no_connection(load_text: LoadText) -> None:
    assert choose_connection(load_text(""), {}) is None


def test_a_key_alone_means_the_public_gateway(load_text: LoadText) -> None:
    connection = choose_connection(load_text(""), {"ZAGUAN_API_KEY": "k"})
    assert connection is not None
    assert connection.base_url == DEFAULT_BASE_URL


def test_the_default_profile_is_opened_and_the_environment_outranks_its_key(load_text: LoadText) -> None:
    connection = choose_connection(load_text(TWO), KEYS)
    assert connection is not None
    assert (connection.profile.name, connection.host, str(connection.origin).rpartition(":")[2]) == (
        "work",
        "work.example",
        "3",
    )
    key = resolve_key(connection, "api_key", KEYS)
    assert key is not None
    assert (key.reveal(), key.origin) == ("general-key-1234", "ENV ZAGUAN_API_KEY")


def test_a_typed_profile_is_taken_as_it_stands(load_text: LoadText) -> None:
    environ = {**KEYS, "ZAGUAN_BASE_URL": "https://elsewhere.example"}
    connection = choose_connection(load_text(TWO), environ, profile="work")
    assert connection is not None
    assert connection.host == "work.example"
    key = resolve_key(connection, "api_key", environ)
    assert key is not None
    assert key.origin == "ENV WORK_KEY"
    lab = choose_connection(load_text(TWO), environ, profile="lab")
    assert lab is not None
    assert describe_key(lab, "api_key", environ) == "set, from ENV ZAGUAN_API_KEY"


@pytest.mark.parametrize("how", ["typed", "variable"])
def test_another_origin_never_gets_the_keys_of_the_profile(load_text: LoadText, how: str) -> None:
    typed = "https://elsewhere.example" if how == "typed" else None
    environ = {"WORK_KEY": "work-key-1234"} | (
        {} if typed else {"ZAGUAN_BASE_URL": "https://elsewhere.example"}
    )
    connection = choose_connection(load_text(TWO), environ, base_url=typed)
    assert connection is not None
    assert (connection.profile.name, connection.profile.environment) == ("elsewhere.example", None)
    assert resolve_key(connection, "api_key", environ) is None
    assert str(connection.origin) == ("--base-url" if typed else "ENV ZAGUAN_BASE_URL")


def test_the_same_origin_and_a_typed_pair_keep_the_profile(load_text: LoadText) -> None:
    same = choose_connection(load_text(TWO), KEYS, base_url="https://WORK.example:443/v1")
    both = choose_connection(load_text(TWO), KEYS, base_url="http://127.0.0.1:9000", profile="work")
    assert same is not None
    assert both is not None
    assert (same.profile.name, both.profile.name, both.base_url) == ("work", "work", "http://127.0.0.1:9000")


@pytest.mark.parametrize(
    ("text", "profile", "sentence"),
    [
        (TWO, "wrok", r"^--profile: there is no profile 'wrok'; did you mean work\?$"),
        (TWO, "zzz", r"^--profile: there is no profile 'zzz'; choose from work, lab\.$"),
        (
            TWO.replace('"work"', '"wrk"', 1),
            None,
            r"config.toml:1: there is no profile 'wrk'; did you mean work\?$",
        ),
        (
            "",
            "work",
            r"^--profile: there is no profile 'work'; .*config.toml has none; start with: zaguan-tui conf",
        ),
    ],
)
def test_an_unknown_profile_is_told_with_the_nearest(
    load_text: LoadText, text: str, profile: str | None, sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        choose_connection(load_text(text), {}, profile=profile)


@pytest.mark.parametrize(
    "address", ["", "work", "ftp://work", "https://", "https://a b", "https://u:p@h", "https://[::1"]
)
def test_an_address_that_is_none_is_refused(load_text: LoadText, address: str) -> None:
    with pytest.raises(ConfigError, match=r"^--base-url: "):
        choose_connection(load_text(""), {}, base_url=address)


@pytest.mark.parametrize(
    ("address", "clear"),
    [
        ("https://far.example", False),
        ("http://far.example", True),
        ("http://localhost:1", False),
        ("http://127.9.9.9", False),
        ("http://[::1]:1", False),
        ("http://127.0.0.1.evil.example", True),
        ("http://0.0.0.0:80", True),
    ],
)
def test_plain_http_is_safe_on_this_machine_only(load_text: LoadText, address: str, clear: bool) -> None:
    connection = choose_connection(load_text(""), {}, base_url=address)
    assert connection is not None
    assert connection.sends_keys_in_clear is clear
    assert is_loopback("sub.localhost")


@pytest.mark.parametrize(
    ("address", "refusal"),
    [
        ("http://127.0.0.1:0", "port 0"),
        ("http://[::1]:0/v1", "port 0"),
        ("https://xn--a.example", "host name"),
        ("https://xn--.example", "host name"),
        ("https://api.xn--\u00e4.example", "host name"),
        ("https://XN--A.example", "host name"),
        ("https://xn--bcher-kva.example", None),
        ("https://b\u00fccher.example", None),
        ("https://plain_name.example:8443/v1", None),
        ("http://[::1]:8787", None),
    ],
)
def test_an_address_that_no_client_can_use_is_refused(address: str, refusal: str | None) -> None:
    if refusal is None:
        assert read_url(address) == address
        return
    with pytest.raises(RejectedError, match=refusal):
        read_url(address)
