"""Failures of a provider as the gateway reports them (wire.md 11; types and codes: proposal)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """One kind of failure: the status and words the caller gets. ``{provider}`` is filled in."""

    status: int
    type: str
    code: str
    message: str

    def describe(self, provider: str) -> str:
        """The message with the provider's name in it."""
        return self.message.format(provider=provider)


_UPSTREAM = "upstream_error"

FAILURES: dict[str, Failure] = {
    "server": Failure(502, _UPSTREAM, _UPSTREAM, "{provider} answered 500 Internal Server Error."),
    "refused": Failure(502, _UPSTREAM, "connection_refused", "{provider} refused the connection."),
    "timeout": Failure(504, "timeout_error", "upstream_timeout", "{provider} did not answer in time."),
    "overloaded": Failure(503, "overloaded_error", "upstream_overloaded", "{provider} is overloaded."),
    "locked": Failure(502, _UPSTREAM, "upstream_unauthorised", "{provider} did not accept our key."),
    "reset": Failure(502, _UPSTREAM, "connection_reset", "{provider} closed the stream before its end."),
}
"""Failures by the name that scenario files use."""
