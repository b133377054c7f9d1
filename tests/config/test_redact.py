from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

from hypothesis import given
from hypothesis import strategies as st

from zaguan_tui.config.redact import Redactor
from zaguan_tui.config.secrets import MASK, Secret

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
