"""``Gateway``: base URL, keys, and the request headers made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zaguan_tui import __version__
from zaguan_tui.client.catalogue.endpoint import Endpoint
from zaguan_tui.client.dispatch.base_url import join_path
from zaguan_tui.client.dispatch.call import Call
from zaguan_tui.client.dispatch.credentials import SECRET_HEADERS, Redactor, Secret
from zaguan_tui.client.dispatch.options import AuthScheme, ClientOptions
from zaguan_tui.client.errors.exceptions import ArgumentError

_SECTION_HEADERS: Mapping[str, Mapping[str, str]] = {
    "messages": {"anthropic-version": "2023-06-01"},
    "assistants": {"openai-beta": "assistants=v2"},
    "threads": {"openai-beta": "assistants=v2"},
    "runs": {"openai-beta": "assistants=v2"},
}
"""Headers that a section's servers want (sources: ant, oai-py)."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """A normalised base URL with the keys that may go there and nowhere else."""

    base_url: str
    api_key: Secret | None = None
    admin_key: Secret | None = None

    def __post_init__(self) -> None:
        for name, key in (("api_key", self.api_key), ("admin_key", self.admin_key)):
            if key is not None and not _is_header_text(key.reveal()):
                raise ArgumentError(
                    name, "holds a space, a line break or a letter beyond ASCII", "visible ASCII"
                )

    def key_for(self, endpoint: Endpoint) -> Secret | None:
        """The admin key for admin calls if there is one, else the main key."""
        return (self.admin_key or self.api_key) if endpoint.admin else self.api_key

    def url_of(self, call: Call) -> str:
        """The absolute address of ``call``."""
        return join_path(self.base_url, call.path) + (f"?{call.query}" if call.query else "")

    def headers_of(self, call: Call, options: ClientOptions, request_id: str) -> dict[str, str]:
        """All headers of ``call``, names in lower case; the caller's replace ours (wire reference D79)."""
        headers = {
            "accept": call.accept,
            "user-agent": options.user_agent or f"zaguan-tui/{__version__}",
            "x-request-id": request_id,
            **_SECTION_HEADERS.get(call.endpoint.section, {}),
        }
        if call.body is not None:
            headers["content-type"] = call.content_type
        for name, value in (
            ("openai-organization", options.organization),
            ("openai-project", options.project),
        ):
            if value:
                headers[name] = value
        headers |= self._authorisation(call.endpoint, options.auth)
        for extra in (options.headers, call.options.headers or {}):
            headers |= {name.lower(): value for name, value in extra.items()}
        for name, value in headers.items():
            if not value.isascii() or not value.isprintable():
                raise ArgumentError(
                    f"headers[{name}]", "holds a line break or a letter beyond ASCII", "ASCII"
                )
        return headers

    def redactor_for(self, options: ClientOptions, call: Call | None = None) -> Redactor:
        """A redactor of both keys and of every secret the caller put into a header."""
        extras = (options.headers, (call.options.headers or {}) if call else {})
        given = [
            Secret(value.removeprefix("Bearer ").strip())
            for headers in extras
            for name, value in headers.items()
            if name.lower() in SECRET_HEADERS
        ]
        return Redactor([self.api_key, self.admin_key, *given])

    def _authorisation(self, endpoint: Endpoint, scheme: AuthScheme) -> dict[str, str]:
        key = self.key_for(endpoint)
        if key is None or not key:
            return {}
        if scheme is AuthScheme.X_API_KEY:
            return {"x-api-key": key.reveal()}
        return {"authorization": f"Bearer {key.reveal()}"}


def _is_header_text(value: str) -> bool:
    return value.isascii() and value.isprintable() and " " not in value
