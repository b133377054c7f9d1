from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

from hypothesis import given
from hypothesis import strategies as st

from zaguan_tui.client.dispatch.credentials import DEEPEST, MASK, PLACEHOLDERS, Redactor
from zaguan_tui.config.secrets import Secret

keys = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=6, max_size=40)
any_secret = st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), min_size=6, max_size=30)
around = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=12)

SPELLINGS = {
    "plain": lambda key: key,
    "url": lambda key: quote(key, safe=""),
    "url, path": quote,
    "url, form": quote_plus,
    "url, lower case": lambda key: quote(key, safe="").lower() if key.lower() == key else quote(key, safe=""),
    "url twice": lambda key: quote(quote(key, safe=""), safe=""),
    "every byte in percent": lambda key: "".join(f"%{byte:02X}" for byte in key.encode()),
    "json": lambda key: json.dumps(key)[1:-1],
    "json, utf-8": lambda key: json.dumps(key, ensure_ascii=False)[1:-1],
    "json in json": lambda key: json.dumps(json.dumps(key))[3:-3],
    "json, slashes": lambda key: json.dumps(key)[1:-1].replace("/", "\\/"),
    "repr": lambda key: repr(key)[1:-1],
    "html": html.escape,
    "hex": lambda key: key.encode().hex(),
    "HEX": lambda key: key.encode().hex().upper(),
    "html, every letter": lambda key: "".join(f"&#{ord(letter)};" for letter in key),
    "html, hex": lambda key: "".join(f"&#x{ord(letter):04X};" for letter in key),
    "python, every letter": lambda key: "".join(
        f"\\x{ord(letter):02x}" if ord(letter) < 256 else f"\\U{ord(letter):08x}" for letter in key
    ),
    "code points": lambda key: "".join(
        f"\\u{unit:04x}" for unit in memoryview(key.encode("utf-16")).cast("H")[1:].tolist()
    ),
}


@given(any_secret, around, around)
def test_no_spelling_of_a_secret_gets_through(key: str, before: str, after: str) -> None:
    redactor = Redactor([key])
    for spelling, spell in SPELLINGS.items():
        spelt = spell(key)
        redacted = redactor.text(f"{before}<{spelt}>{after}")
        assert f"<{MASK}>" in redacted or MASK in f"{before}{after}" or spelt not in redacted, (
            spelling,
            spelt,
        )
        assert spelt in MASK or spelt not in redacted, (spelling, redacted)


@given(keys.filter(lambda key: len(key) >= 9), st.binary(max_size=7), st.binary(max_size=7))
def test_base64_of_a_longer_text_does_not_hide_a_secret(key: str, before: bytes, after: bytes) -> None:
    redactor = Redactor([Secret(key)])
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        encoded = encode(before + key.encode() + after).decode()
        assert MASK in redactor.text(encoded)


@given(keys, around)
def test_bytes_are_redacted_as_text_is(key: str, text: str) -> None:
    redacted = Redactor([key]).data(f"{text} {key} {text}".encode())
    assert MASK.encode() in redacted
    assert key in MASK or key.encode() not in redacted.replace(MASK.encode(), b"\n")


@given(around)
def test_a_text_without_secrets_is_left_as_it_is(text: str) -> None:
    assert Redactor(["sk-no-such-key-0123456789", None, "", "short"]).text(text) == text
    assert Redactor().text(text) == text


def test_values_in_structures_and_secrets_learned_later() -> None:
    redactor = Redactor()
    redactor.learn(Secret("sk-12345678"), None)
    found = redactor.value(
        {"a sk-12345678": ["x sk-12345678", 5, None, Secret("other-one")], "b": ("sk%2D12345678",)}
    )
    assert found == {f"a {MASK}": [f"x {MASK}", 5, None, MASK], "b": [MASK]}
    assert "sk-" not in repr(redactor)


def test_the_longer_of_two_secrets_is_taken_first() -> None:
    assert Redactor(["abcdef", "abcdef-ghijkl"]).text("abcdef-ghijkl abcdef") == f"{MASK} {MASK}"


@given(any_secret, around)
def test_spans_are_the_places_in_bytes(key: str, before: str) -> None:
    data = f"é{before}<{key}>".encode()
    start, end = Redactor([key]).spans(data)[-1]
    assert data[start:end].decode().strip("<>") in (key, key.strip("<>"))


def test_what_servers_without_keys_tell_people_to_write_is_no_secret() -> None:
    assert Redactor(PLACEHOLDERS).text("ollama/llama3.2 on lm-studio") == "ollama/llama3.2 on lm-studio"


def test_a_very_long_secret_goes_whole() -> None:
    key = "eyJhbGciOiJIUzI1NiJ9." + "a1B2c3D4" * 100
    text = f'{{"token": "{key}", "x": "%41"}}'
    assert Redactor([key]).text(text) == f'{{"token": "{MASK}", "x": "%41"}}'
    assert Redactor([key]).text(f"token={key} rest") == f"token={MASK} rest"


def test_bytes_that_are_no_text_stay_as_they_are() -> None:
    data = bytes(range(256)) * 2
    assert Redactor(["sk-12345678"]).data(data) == data
    assert Redactor(["sk-12345678"]).data(data + b"sk-12345678\xff") == data + MASK.encode() + b"\xff"


def test_numbers_and_none_pass() -> None:
    value = {"a": [1, 2.5, None, True]}
    assert Redactor(["sk-12345678"]).value(value) == value


def test_values_nested_too_deep_are_masked_whole() -> None:
    value: object = "sk-12345678"
    for level in range(900):
        value = {"error": value} if level % 2 else [value]
    redacted: object = Redactor(["sk-12345678"]).value(value)
    levels = 0
    while isinstance(redacted, dict | list):
        redacted = redacted["error"] if isinstance(redacted, dict) else redacted[0]
        levels += 1
    assert (levels, redacted) == (DEEPEST, MASK)
