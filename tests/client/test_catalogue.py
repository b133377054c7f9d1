"""The catalogue is complete, its paths are filled safely, and methods declare their rows."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import zaguan_tui.client
from zaguan_tui.client.catalogue.declare import (
    CATALOGUE,
    EXTENSIONS,
    CallClass,
    Endpoint,
    endpoint,
    endpoint_of_method,
    find_endpoint,
    list_implemented,
    match,
    method_names,
)
from zaguan_tui.client.client import ZaguanClient
from zaguan_tui.client.errors.exceptions import ArgumentError

CORE = {
    "chat",
    "chat_stream",
    "list_models",
    "get_capabilities",
    "get_credits_balance",
    "get_provider_status",
    "get_circuit_breaker_status",
}


def test_52_rows_carry_54_methods_and_no_call_stands_twice() -> None:
    assert len(CATALOGUE) == 52
    names = method_names()
    assert len(names) == len(set(names)) == 54
    calls = [(row.method, row.path) for row in (*CATALOGUE, *EXTENSIONS)]
    assert len(calls) == len(set(calls)) == 64
    assert all(row.extension for row in EXTENSIONS)
    assert not any(row.extension for row in CATALOGUE)
    assert all(row.path.startswith("/v1/") and row.section and row.priority for row in CATALOGUE)


def test_only_admin_calls_want_the_admin_key() -> None:
    assert {row.name for row in CATALOGUE if row.admin} == {
        "reload_config",
        "enable_provider",
        "disable_provider",
    }


def test_call_classes_follow_the_retry_rules() -> None:
    assert endpoint_of_method("list_models").call_class is CallClass.READ
    assert endpoint_of_method("count_tokens").call_class is CallClass.GENERATION
    for act in (
        "upload_file",
        "create_batch",
        "cancel_run",
        "delete_file",
        "enable_provider",
        "create_messages_batch",
    ):
        assert endpoint_of_method(act).call_class is CallClass.ACT


def test_the_client_implements_what_it_declares() -> None:
    built = list_implemented(ZaguanClient)
    assert set(built) >= CORE
    assert set(built) == set(method_names((*CATALOGUE, *EXTENSIONS)))
    assert built["chat"] is built["chat_stream"] is find_endpoint("POST", "/v1/chat/completions")


def test_a_declared_method_shows_its_own_parameters() -> None:
    parameters = inspect.signature(ZaguanClient.list_models).parameters
    assert list(parameters) == ["self", "options"]
    assert "Every model" in (ZaguanClient.list_models.__doc__ or "")


@pytest.mark.parametrize("name", method_names((*CATALOGUE, *EXTENSIONS)))
def test_every_method_is_typed_told_of_and_takes_options(name: str) -> None:
    method = getattr(ZaguanClient, name)
    signature = inspect.signature(method)
    parameters = [one for one in signature.parameters.values() if one.name != "self"]
    assert all(one.annotation not in (inspect.Parameter.empty, "Any", "object") for one in parameters)
    assert signature.return_annotation not in (inspect.Signature.empty, "Any", "object", "dict[str, Any]")
    assert "options" in signature.parameters
    assert method.__doc__


def test_a_wrong_declaration_fails_at_once() -> None:
    with pytest.raises(LookupError, match="no GET /v1/nothing"):
        endpoint("GET", "/v1/nothing")
    with pytest.raises(LookupError, match="list_models"):

        @endpoint("GET", "/v1/models")
        def models(self: object, row: Endpoint) -> None: ...

    with pytest.raises(LookupError):
        endpoint_of_method("nothing")


@pytest.mark.parametrize(
    ("name", "ids", "path"),
    [
        ("get_virtual_model", {"model_id": "acme/fast 1/ü"}, "/v1/virtual-models/acme/fast%201/%C3%BC"),
        ("get_batch", {"batch_id": "a/b?c#d"}, "/v1/batches/a%2Fb%3Fc%23d"),
        ("get_run", {"thread_id": "t", "run_id": "r"}, "/v1/threads/t/runs/r"),
        ("get_file", {"file_id": "%2e%2e"}, "/v1/files/%252e%252e"),
    ],
)
def test_ids_are_encoded_into_the_path(name: str, ids: dict[str, str], path: str) -> None:
    assert endpoint_of_method(name).fill(**ids) == path


@pytest.mark.parametrize("value", ["", " ", ".", "..", "a/../b", "/a", "a//b", "\ud800"])
def test_ids_that_would_walk_are_refused(value: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        endpoint_of_method("get_virtual_model").fill(model_id=value)
    assert caught.value.field == "model_id"


def test_real_paths_find_their_row() -> None:
    for path, name in [
        ("/v1/messages/batches/b1/results", "get_messages_batch_results"),
        ("/v1/models/a/b/c", "get_model"),
        ("/v1/models", "list_models"),
        ("/v1/batches/b1", "get_batch"),
    ]:
        row = match("get", path)
        assert row is not None
        assert row.name == name
    assert match("GET", "/health") is None


def test_importing_the_package_costs_nothing() -> None:
    code = (
        "import sys, zaguan_tui.client as c;"
        "heavy = {'httpx', 'pydantic', 'textual', 'ssl', 'asyncio'} & set(sys.modules);"
        "assert not heavy, heavy; from zaguan_tui.client import ZaguanClient; ZaguanClient('http://h', 'k');"
        "assert not {'httpx', 'pydantic', 'textual'} & set(sys.modules); assert 'ZaguanClient' in dir(c)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_name_of_the_package_loads() -> None:
    assert "Patience" in zaguan_tui.client.__all__
    for name in zaguan_tui.client.__all__:
        assert getattr(zaguan_tui.client, name) is not None
