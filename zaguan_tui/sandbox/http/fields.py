"""Checks of body fields that several endpoints share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaguan_tui.sandbox.http.errors import invalid_request


def required_text(body: Mapping[str, Any], name: str) -> str:
    """A text that is there and not empty. Raises a 400."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise invalid_request(f"'{name}' is required and must be text.", name)
    return value


def optional_text(body: Mapping[str, Any], name: str, longest: int = 256_000) -> str | None:
    """A text of at most ``longest`` characters, or ``None``. Raises a 400."""
    value = body.get(name)
    if value is not None and (not isinstance(value, str) or len(value) > longest):
        raise invalid_request(f"'{name}' must be text of at most {longest} characters.", name)
    return value


def metadata(body: Mapping[str, Any]) -> dict[str, str]:
    """At most 16 pairs of texts, 64 and 512 characters long (OpenAI spec). Raises a 400."""
    value = body.get("metadata")
    if value is None:
        return {}
    good = isinstance(value, dict) and len(value) <= 16
    if not good or not all(
        len(key) <= 64 and isinstance(text, str) and len(text) <= 512 for key, text in value.items()
    ):
        raise invalid_request("'metadata' must hold at most 16 texts of at most 512 characters.", "metadata")
    return dict(value)
