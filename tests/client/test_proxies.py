"""Proxies of the environment: which one, when none, and that it is the proxy that failed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scripted import Step

from zaguan_tui.client import ArgumentError, ClientOptions, TransportError, TransportReason, ZaguanClient
from zaguan_tui.client.transport.proxies import proxy_for
from zaguan_tui.state.core.problems import explain_error

SURROUNDINGS = Path(__file__).parents[1] / "fixtures/field"
FAR = "https://gateway.example"


def variables(name: str) -> dict[str, str]:
    lines = (SURROUNDINGS / name).read_text().split()
    return dict(line.split("=", 1) for line in lines)


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the surroundings the tests run in."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("SSL_CERT"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("base", "environ", "place"),
    [
        (FAR, {}, None),
        (FAR, {"HTTPS_PROXY": "http://p:3128"}, "p:3128"),
        (FAR, {"HTTPS_PROXY": "p"}, "p:80"),
        (FAR, {"HTTP_PROXY": "http://p:3128"}, None),
        (FAR, {"ALL_PROXY": "https://[::1]"}, "[::1]:443"),
        (FAR, {"HTTPS_PROXY": "http://big:1", "https_proxy": "http://small:2"}, "small:2"),
        (FAR, {"HTTPS_PROXY": "http://big:1", "https_proxy": ""}, None),
        ("http://far.example", {"HTTP_PROXY": "p:1", "REQUEST_METHOD": "GET"}, None),
        ("http://127.0.0.1:8787", {"HTTP_PROXY": "p:1", "ALL_PROXY": "%%%"}, None),
        ("https://localhost", {"HTTPS_PROXY": "p:1"}, None),
    ],
)
def test_the_variables_are_read_as_everywhere(base: str, environ: dict[str, str], place: str | None) -> None:
    found = proxy_for(base, environ)
    assert (found and found.place) == place


@pytest.mark.parametrize(
    ("entries", "exempt"),
    [
        ("*", True),
        ("gateway.example", True),
        (".example", True),
        ("*.example", True),
        ("EXAMPLE", True),
        ("gateway.example:443", True),
        ("gateway.example:80", False),
        ("https://gateway.example", True),
        ("way.example", False),
        ("localhost,127.0.0.1,::1,[::1]", False),
        ("[::1, ]x[, :::, /, 10.0.0.0/99, http://, ., ,gateway.example", True),
    ],
)
def test_no_proxy(entries: str, exempt: bool) -> None:
    found = proxy_for(FAR, {"HTTPS_PROXY": "p:1", "NO_PROXY": entries})
    assert (found is None) is exempt


@pytest.mark.parametrize(
    ("host", "entries", "exempt"),
    [
        ("10.1.2.3", "10.0.0.0/8", True),
        ("10.1.2.3", "192.168.0.0/16", False),
        ("[fd00::1]", "[fd00::1]", True),
        ("[fd00::1]", "fd00::/8", True),
        ("[fd00::1]", "[fd00::1]:443", True),
        ("[fd00::1]", "[fd00::1]:80", False),
        ("10.1.2.3", "10.1.2.3:443", True),
    ],
)
def test_no_proxy_of_addresses(host: str, entries: str, exempt: bool) -> None:
    found = proxy_for(f"https://{host}", {"HTTPS_PROXY": "p:1", "NO_PROXY": entries})
    assert (found is None) is exempt


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HTTPS_PROXY", "htp://p:1"),
        ("ALL_PROXY", "http://p:port"),
        ("https_proxy", "http://p:0"),
        ("https_proxy", "http://"),
        ("HTTPS_PROXY", "http://me:geheim#1@p:9"),
        ("HTTPS_PROXY", "http://me:12/geheim@p:9"),
        ("HTTPS_PROXY", "http://me:12?geheim@p:9"),
        ("HTTPS_PROXY", "http://me:ge[heim@p:9"),
    ],
)
def test_a_variable_that_cannot_be_read_is_named_and_its_value_is_not_shown(
    variable: str, value: str
) -> None:
    with pytest.raises(ArgumentError) as caught:
        proxy_for(FAR, {variable: value})
    assert caught.value.field == variable
    assert "heim" not in str(caught.value)
    assert ("percent-encoded" in str(caught.value)) is ("@" in value)


def test_credentials_of_a_proxy_are_kept_apart_and_encoded_again() -> None:
    found = proxy_for(FAR, {"HTTPS_PROXY": "http://me:ge%23heim@p:9"})
    assert found is not None
    assert (found.url, found.username, found.password) == ("http://p:9", "me", "ge#heim")
    assert found.full_url == "http://me:ge%23heim@p:9"
    assert "heim" not in f"{found!r} {found.title}"


async def reach(base_url: str, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Exception:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    async with ZaguanClient(base_url, "key", options=ClientOptions(max_retries=0)) as client:
        with pytest.raises((TransportError, ArgumentError)) as caught:
            await client.list_models()
    return caught.value


async def test_a_proxy_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    error = await reach(FAR, variables("proxy_not_there.env"), monkeypatch)
    assert isinstance(error, TransportError)
    assert (error.reason, error.sent) == (TransportReason.PROXY, False)
    assert "The proxy 127.0.0.1:9 (https_proxy) does not answer" in error.message
    assert "The proxy 127.0.0.1:9" in explain_error(error, address="gateway.example").sentence


async def test_a_kind_of_proxy_that_needs_another_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    error = await reach(FAR, {"ALL_PROXY": "socks5://me:geheim@127.0.0.1:9"}, monkeypatch)
    assert str(error).startswith("ALL_PROXY names a SOCKS proxy")
    assert "geheim" not in str(error)


async def test_a_proxy_whose_name_is_misspelt_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    error = await reach(FAR, {"HTTPS_PROXY": "http://no-such-proxy.invalid:1"}, monkeypatch)
    assert "The proxy no-such-proxy.invalid:1 (HTTPS_PROXY) does not answer: its name" in str(error)


@pytest.mark.parametrize(
    ("answer", "told", "again"),
    [
        ("407 Proxy Authentication Required", "asks for a user name and a password (407)", False),
        ("403 Forbidden", "refuses the connection to gateway.example:443 (403 Forbidden)", False),
        ("502 Bad Gateway", "could not connect to gateway.example:443 (502 Bad Gateway)", True),
    ],
)
async def test_a_proxy_that_refuses_is_named(
    serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, answer: str, told: str, again: bool
) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    proxy = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = proxy.sockets[0].getsockname()[1]
    error = await reach(FAR, {"HTTPS_PROXY": f"http://me:geheim@127.0.0.1:{port}"}, monkeypatch)
    proxy.close()
    assert isinstance(error, TransportError)
    assert error.message == f"The proxy 127.0.0.1:{port} (HTTPS_PROXY) {told}"
    assert (error.reason, error.retryable) == (TransportReason.PROXY, again)


async def test_a_proxy_that_asks_for_a_login_before_plain_http_is_named(
    serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = await serve(Step(407, "<html>Squid</html>", content_type="text/html"))
    error = await reach("http://gateway.example", {"HTTP_PROXY": proxy.base_url}, monkeypatch)
    assert "asks for a user name and a password (407)" in str(error)
    assert proxy.seen[0].target == "http://gateway.example/v1/models"


async def test_odd_variables_do_not_matter_on_loopback(
    serve: Callable[..., Any], connect: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = {"ALL_PROXY": "%%:geheim#@", "SSL_CERT_DIR": "/nowhere", "SSLKEYLOGFILE": "/nowhere/keys"}
    for name in ("no_proxy_with_bracketed_ipv6.env", "proxy_not_there.env", "cert_file_missing.env"):
        odd |= variables(name)
    for variable, value in odd.items():
        monkeypatch.setenv(variable, value)
    server = await serve(Step(body={"data": []}))
    assert (await connect(server).list_models()).data == ()


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("SSL_CERT_FILE", "/nonexistent/cacert.pem", "names /nonexistent/cacert.pem, which cannot be read"),
        ("SSL_CERT_FILE", __file__, "which holds no certificate"),
        ("SSL_CERT_DIR", "/nonexistent", "which is no directory"),
        ("SSLKEYLOGFILE", "/nonexistent/keys", "which cannot be written"),
    ],
)
async def test_certificates_that_cannot_be_read_are_named_with_their_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, told: str
) -> None:
    error = await reach(FAR, {variable: value}, monkeypatch)
    assert isinstance(error, ArgumentError)
    assert error.field == variable
    assert told in str(error)
    assert variable in explain_error(error).sentence
