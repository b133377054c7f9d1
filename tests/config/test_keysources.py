from __future__ import annotations

import os
import pickle
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from zaguan_tui.config.connection import Connection
from zaguan_tui.config.keysources import KeyProblemError, describe_key, resolve_key
from zaguan_tui.config.secrets import Secret, looks_secret, secrets_in
from zaguan_tui.config.settings import Profile

KEY = "sk-work-0123456789abcdef"


def typed(**settings: object) -> Connection:
    return Connection(replace(Profile(name="work", base_url="https://x"), **settings), typed=True)


def print_words(text: str, code: int = 0) -> tuple[str, ...]:
    return (sys.executable, "-c", f"import sys; sys.stdout.write({text!r}); sys.exit({code})")


def test_sources_are_asked_in_order_and_an_unset_variable_falls_through(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("from-file-0001\n")
    file.chmod(0o600)
    all_of_them = typed(
        api_key_env="MINE", api_key_command=print_words("from-command-01\nrest"), api_key_file=str(file)
    )
    for connection, environ, origin in [
        (all_of_them, {"MINE": " from-variable-1 "}, "ENV MINE"),
        (all_of_them, {"MINE": " "}, f"command {Path(sys.executable).name}"),
        (typed(api_key_file=str(file)), {}, f"file {file}"),
    ]:
        key = resolve_key(connection, "api_key", environ)
        assert key is not None
        assert key.origin == origin
        assert key.reveal().startswith("from-")
        assert " " not in key.reveal()
        assert "\n" not in key.reveal()


def test_no_source_and_auth_none_give_no_key() -> None:
    assert resolve_key(typed(), "api_key", {}) is None
    assert describe_key(typed(), "api_key", {}) == "not set (looked in ENV ZAGUAN_API_KEY)"
    assert resolve_key(typed(auth="none"), "api_key", {"ZAGUAN_API_KEY": KEY}) is None
    assert resolve_key(typed(admin_key_env="A"), "admin_key", {"A": KEY}) == Secret(KEY)


@pytest.mark.skipif(os.name != "posix", reason="modes are a POSIX notion")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_file_open_to_others_is_refused_in_words(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "api-key"
    file.write_text(KEY)
    file.chmod(mode)
    with pytest.raises(KeyProblemError) as caught:
        resolve_key(typed(api_key_file=str(file)), "api_key", {})
    assert f"(mode {mode:04o})" in caught.value.sentence
    assert caught.value.next_step == f"Run: chmod 600 {file}"
    assert describe_key(typed(api_key_file=str(file)), "api_key", {}).startswith("open to others, refused")


def test_a_relative_file_is_looked_for_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY)
    (tmp_path / "key").chmod(0o600)
    assert resolve_key(typed(api_key_file="key", folder=tmp_path), "api_key", {}) == Secret(KEY)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\xff\xfe", "does not hold text"),
        (b"a b", "cannot be a key"),
        (b"one\ntwo", "cannot be a key"),
        ("‘key’".encode(), "cannot be a key"),
        (b"x" * 20_000, "cannot be a key"),
    ],
)
def test_a_file_that_holds_no_key_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "key"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(KeyProblemError, match=told):
        resolve_key(typed(api_key_file=str(file)), "api_key", {})


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(KeyProblemError, match="cannot be read: No such file"):
        resolve_key(typed(api_key_file=str(tmp_path / "none")), "api_key", {})
    with pytest.raises(KeyProblemError, match="is no ordinary file"):
        resolve_key(typed(api_key_file=str(tmp_path)), "api_key", {})


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("no-such-command-here", KEY), "was not found"),
        (print_words(KEY, 3), "ended with exit code 3"),
        (print_words("\n"), "printed nothing"),
    ],
)
def test_a_command_that_fails_is_told_without_its_output_or_arguments(
    words: tuple[str, ...], told: str
) -> None:
    with pytest.raises(KeyProblemError, match=told) as caught:
        resolve_key(typed(api_key_command=words), "api_key", {})
    assert KEY not in caught.value.sentence + caught.value.next_step
    assert "not run" in describe_key(typed(api_key_command=words), "api_key", {})


def test_the_keyring_is_asked_for_the_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    class Errors:
        class KeyringError(Exception):
            pass

    class Keyring:
        @staticmethod
        def get_password(service: str, user: str) -> str:
            return f"{service}:{user}"

    monkeypatch.setitem(sys.modules, "keyring", Keyring)  # type: ignore[arg-type] # a stand-in for the module
    monkeypatch.setitem(sys.modules, "keyring.errors", Errors)  # type: ignore[arg-type] # a stand-in for the module
    key = resolve_key(typed(keyring=True), "admin_key", {})
    assert key is not None
    assert key.reveal() == "zaguan-tui:work/admin_key"


def test_a_keyring_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(KeyProblemError, match="not installed") as caught:
        resolve_key(typed(keyring=True), "api_key", {})
    assert "zaguan-tui[keyring]" in caught.value.next_step


def test_a_secret_keeps_itself() -> None:
    secret = Secret(KEY, "ENV A")
    shown = [repr(secret), str(secret), f"{secret}", f"{secret:>60}", f"{[secret]}", "%s" % secret]  # noqa: UP031 - is the case
    assert not any(KEY in text for text in shown)
    assert secret == Secret(KEY)
    assert secret != Secret(KEY + "x")
    assert secret != KEY
    assert hash(secret) == hash(Secret(KEY))
    assert not Secret("")
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(secret)


@pytest.mark.parametrize(
    "text", [KEY, "ghp_abcdefghijk", "Bearer abcdefghij", "0123456789abcdef0123456789abcdef"]
)
def test_what_looks_like_a_key_is_seen(text: str) -> None:
    assert looks_secret(text)


@pytest.mark.parametrize(
    "text", ["zaguan-night", "https://api.example.com/v1/models/list", "/home/me/.keys/api-key", "5"]
)
def test_what_does_not_is_left_alone(text: str) -> None:
    assert not looks_secret(text)


def test_secrets_of_the_environment_are_known_by_their_names() -> None:
    environ = {
        "OPENAI_API_KEY": "a1",
        "GITHUB_TOKEN": "b2",
        "DB_PASSWORD": "c3",
        "PATH": "d4",
        "KEYBOARD": "e5",
    }
    assert secrets_in(environ) == ["a1", "b2", "c3"]
