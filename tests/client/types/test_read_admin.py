"""The answers of the admin calls (`wire.md` 6.4)."""

from __future__ import annotations

from typing import Any

import pytest
from wire_fixtures import load

from zaguan_tui.client.types.core.primitives import UnreadableValue
from zaguan_tui.client.types.providers.admin import (
    Affected,
    ChangeSet,
    read_admin_reload,
    read_provider_state,
)

VARIANTS = load("admin/variants.json")["cases"]


def test_reload() -> None:
    found = read_admin_reload(load("admin/reload.json"))
    assert (found.accepted, found.pending, found.status, found.duration_ms) == (
        True,
        False,
        "reloaded",
        184.0,
    )
    assert (found.config_version, found.previous_version) == ("2026-11-20.3", "2026-11-20.2")
    assert found.providers == ChangeSet(
        added=1, removed=0, changed=1, added_ids=("novita",), changed_ids=("groq",)
    )
    assert found.models == ChangeSet(added=40, removed=0)
    assert found.virtual_models.changed_ids == ("fast-chat",)
    assert found.warnings == ("provider novita has no health check yet",)


def test_reload_without_changes() -> None:
    assert read_admin_reload(load("admin/reload_unchanged.json")).status == "unchanged"


@pytest.mark.parametrize(
    ("name", "provider", "state"),
    [
        ("disable", "groq", (False, True, True, "disabled")),
        ("disable_again", "groq", (False, False, False, "disabled")),
        ("enable", "cohere", (True, False, True, "unknown")),
    ],
)
def test_provider_state(name: str, provider: str, state: tuple[Any, ...]) -> None:
    found = read_provider_state(load(f"admin/{name}.json"))
    assert found.accepted and found.provider == provider
    assert (found.enabled, found.previous_enabled, found.changed, found.status) == state
    if name == "disable":
        assert (found.reason, found.affected) == (
            "incident 42",
            Affected(models=18, virtual_models=1, in_flight=3),
        )


@pytest.mark.parametrize("case", VARIANTS)
def test_whatever_means_success_is_read_as_accepted(case: dict[str, Any]) -> None:
    body = case.get("body", case.get("text"))
    for answer in (read_admin_reload(body, case["status"]), read_provider_state(body, case["status"])):
        assert answer.accepted
        assert answer.pending == (case["status"] == 202)


@pytest.mark.parametrize("name", ["forbidden", "unknown_provider", "reload_invalid"])
def test_an_error_in_the_body_is_not_accepted(name: str) -> None:
    body = load(f"admin/{name}.json")
    for answer in (read_admin_reload(body), read_provider_state(body)):
        assert not answer.accepted
        assert answer.message == body["error"]["message"]


def test_the_switch_is_read_from_words_and_from_provider_objects() -> None:
    assert read_provider_state({"status": "disabled"}).enabled is False
    assert read_provider_state({"status": "enabled"}).enabled is True
    down = read_provider_state({"id": "groq", "enabled": True, "status": "error", "error": "timed out"})
    assert (down.accepted, down.enabled, down.status) == (True, True, "down")
    assert read_provider_state({"success": False, "provider": {"id": "groq"}}).accepted is False


@pytest.mark.parametrize("body", [[], 5, "<html></html>", [{"ok": True}], 1.5])
def test_what_is_no_answer(body: Any) -> None:
    for read in (read_admin_reload, read_provider_state):
        with pytest.raises(UnreadableValue):
            read(body)
