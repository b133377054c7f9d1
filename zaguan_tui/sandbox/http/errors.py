"""Errors of the gateway and their two envelopes (wire.md 11.1, 11.3 and 15)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse

from zaguan_tui.sandbox.engine.providers.failures import Failure

ANTHROPIC_PREFIX = "/v1/messages"
"""Paths in Anthropic's dialect, errors included."""

ANTHROPIC_HEADER = "anthropic-version"
"""The header that asks for that dialect where a path is the same in both: ``/v1/models``."""

_ELSEWHERE = {
    "/v1/responses": "it serves POST /v1/chat/completions; a client has a setting that chooses it",
    "/v1/conversations": "it keeps no conversations; POST /v1/chat/completions takes all messages",
    "/v1/completions": "it serves POST /v1/chat/completions, which takes messages instead of a prompt",
    "/v1/uploads": "it takes a file as a whole: POST /v1/files",
    "/v1/vector_stores": "it has no search over files; POST /v1/embeddings gives the vectors",
}
"""What to ask instead of the endpoints of OpenAI outside the catalogue, by the start of the path."""

_ANTHROPIC_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
_ZAGUAN_TYPES = {"insufficient_credits", "band_access_denied", "rate_limit_exceeded", "not_implemented"}


class GatewayError(Exception):
    """An answer that is a refusal. ``kind`` (the wire's ``type``) and ``code`` are wire
    words; ``details`` go both flat and nested."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str,
        code: str | None = None,
        param: str | None = None,
        provider: str | None = None,
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.type = kind
        self.code = code or kind
        self.param = param
        self.provider = provider
        self.details = dict(details or {})
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """The OpenAI envelope; Zaguan's fields flat on ``error`` and under ``details`` (wire.md 15)."""
        error: dict[str, Any] = {
            "message": self.message,
            "type": self.type,
            "code": self.code,
            "param": self.param,
        }
        if self.provider is not None:
            error["provider"] = self.provider
        if self.details:
            error |= self.details
            error["details"] = self.details
        return {"error": error}

    def anthropic_body(self, request_id: str) -> dict[str, Any]:
        """The Anthropic envelope, with Zaguan's types where Anthropic has none (Anthropic docs)."""
        kind = self.type if self.type in _ZAGUAN_TYPES else _ANTHROPIC_TYPES.get(self.status, "api_error")
        error = {**self.body()["error"], "type": kind}
        return {"type": "error", "error": error, "request_id": request_id}

    def response(self, path: str, request_id: str, *, anthropic: bool = False) -> JSONResponse:
        """The refusal as the caller of ``path`` expects it; ``anthropic`` says it for any path."""
        anthropic = anthropic or path == ANTHROPIC_PREFIX or path.startswith(ANTHROPIC_PREFIX + "/")
        body = self.anthropic_body(request_id) if anthropic else self.body()
        return JSONResponse(body, self.status, self.headers)


def invalid_request(message: str, param: str | None = None, code: str = "invalid_request") -> GatewayError:
    """400: the request itself is wrong; ``param`` names the field."""
    return GatewayError(400, message, kind="invalid_request_error", code=code, param=param)


def unauthorised(message: str, code: str) -> GatewayError:
    """401: no key, or an unknown one."""
    return GatewayError(
        401, message, kind="authentication_error", code=code, headers={"www-authenticate": "Bearer"}
    )


def model_not_found(name: str, field: str = "model") -> GatewayError:
    """404: no such model (OpenAI spells it as an invalid request with this code)."""
    message = f"There is no model {name[:200]!r}. GET /v1/models lists them all."
    return GatewayError(404, message, kind="invalid_request_error", code="model_not_found", param=field)


def unknown_path(method: str, path: str) -> GatewayError:
    """404: the gateway has no such endpoint; the message says what to ask instead if that is known."""
    message = f"Unknown request URL: {method} {path[:200]}. This gateway has no such endpoint"
    instead = next((words for start, words in _ELSEWHERE.items() if f"{path}/".startswith(f"{start}/")), None)
    message += f": {instead}." if instead else "."
    return GatewayError(404, message, kind="not_found_error", code="unknown_url")


def wrong_method(method: str, path: str, allow: str) -> GatewayError:
    """405: the path exists, the method does not."""
    message = f"{path} does not answer {method}; it answers {allow}."
    return GatewayError(
        405, message, kind="invalid_request_error", code="method_not_allowed", headers={"allow": allow}
    )


def not_implemented(method: str, path: str) -> GatewayError:
    """501: in the catalogue, but this version of the sandbox does not serve it."""
    message = f"{method} {path} is in the catalogue, but this sandbox does not serve it yet."
    return GatewayError(501, message, kind="not_implemented")


def insufficient_credits(required: int, remaining: int, reset_date: str) -> GatewayError:
    """402 (zaguan-sdk-go, and the tests of the other two SDKs)."""
    return GatewayError(
        402,
        f"This call needs {required} credits and {remaining} are left until {reset_date}.",
        kind="insufficient_credits",
        details={"credits_required": required, "credits_remaining": remaining, "reset_date": reset_date},
    )


def band_access_denied(band: str, required_tier: str, current_tier: str) -> GatewayError:
    """403: the model's band is above the account's tier (zaguan-sdk-go)."""
    return GatewayError(
        403,
        f"Band {band} is open to the {required_tier} tier and above; this account is on {current_tier}.",
        kind="band_access_denied",
        details={"band": band, "required_tier": required_tier, "current_tier": current_tier},
    )


def rate_limited(message: str, retry_after_s: float, provider: str | None = None) -> GatewayError:
    """429 with the wait in the header and in the body, in real seconds."""
    wait = max(1, math.ceil(retry_after_s))
    return GatewayError(
        429,
        message,
        kind="rate_limit_exceeded",
        provider=provider,
        details={"retry_after": wait},
        headers={"retry-after": str(wait)},
    )


def circuit_open(provider: str, name: str, retry_after_s: float | None) -> GatewayError:
    """503: the breaker rejects calls to this provider. ``None``: half-open with all probes out."""
    wait = 1 if retry_after_s is None else max(1, math.ceil(retry_after_s))
    why = "is open" if retry_after_s is not None else "is half-open and its probes are under way"
    return GatewayError(
        503,
        f"The circuit breaker of {name} ({provider}) {why}: the call was not made. Retry in {wait} s.",
        kind="overloaded_error",
        code="circuit_open",
        provider=provider,
        details={"retry_after": wait, "circuit_state": "open" if retry_after_s is not None else "half_open"},
        headers={"retry-after": str(wait)},
    )


def provider_disabled(provider: str, name: str) -> GatewayError:
    """503: an administrator has switched the provider off."""
    return GatewayError(
        503,
        f"{name} ({provider}) is switched off on this gateway: the call was not made.",
        kind="overloaded_error",
        code="provider_disabled",
        provider=provider,
    )


def not_found(what: str, name: str, param: str | None = None) -> GatewayError:
    """404: no such thing; ``what`` is its kind in words, ``name`` the id that was asked for."""
    code = f"{what.replace(' ', '_').replace('-', '_')}_not_found"
    message = f"No {what} found with id '{name[:200]}'."
    return GatewayError(404, message, kind="not_found_error", code=code, param=param)


def conflict(message: str, code: str = "conflict") -> GatewayError:
    """409: the thing is not in a state that allows this."""
    return GatewayError(409, message, kind="conflict", code=code)


def forbidden(message: str) -> GatewayError:
    """403: the key is valid, but not for this."""
    return GatewayError(403, message, kind="permission_error", code="permission_denied")


def provider_failed(failure: Failure, provider: str, name: str) -> GatewayError:
    """502, 503 or 504: the provider behind the gateway failed."""
    return GatewayError(
        failure.status, failure.describe(name), kind=failure.type, code=failure.code, provider=provider
    )
