"""Authentication: one key for callers, one for administrators."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from zaguan_tui.sandbox.http.errors import ANTHROPIC_PREFIX, GatewayError, unauthorised

OPEN_PATHS = frozenset({"/health"})
"""Paths that answer without a key."""
OPEN_PLACE = "/sandbox/images/"
"""The path of images answered as ``url``; their names cannot be guessed."""


class KeyRing:
    """The two keys this sandbox accepts. The admin key is valid wherever the caller's key is."""

    def __init__(self, api_key: str, admin_key: str) -> None:
        self._api_key = api_key.encode()
        self._admin_key = admin_key.encode()

    def refusal(self, path: str, headers: Mapping[str, str]) -> GatewayError | None:
        """The refusal of this caller, or ``None`` when the key is valid."""
        if path in OPEN_PATHS or path.startswith(OPEN_PLACE):
            return None
        key = read_key(path, headers)
        if key is None:
            hint = "Send it as 'Authorization: Bearer YOUR_API_KEY'."
            return unauthorised(f"You did not provide an API key. {hint}", "missing_api_key")
        if not (self._matches(key, self._api_key) or self._matches(key, self._admin_key)):
            return unauthorised(f"The API key {_masked(key)} is not known here.", "invalid_api_key")
        return None

    def is_admin(self, path: str, headers: Mapping[str, str]) -> bool:
        """Whether the caller holds the admin key."""
        key = read_key(path, headers)
        return key is not None and self._matches(key, self._admin_key)

    @staticmethod
    def _matches(key: str, expected: bytes) -> bool:
        return hmac.compare_digest(key.encode(), expected)


def read_key(path: str, headers: Mapping[str, str]) -> str | None:
    """The key a request carries: Bearer everywhere, ``x-api-key`` on Anthropic paths too (wire.md 1.2)."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    if path.startswith(ANTHROPIC_PREFIX):
        return headers.get("x-api-key") or None
    return None


def _masked(key: str) -> str:
    return f"'…{key[-4:]}'" if len(key) >= 12 else "you sent"
