"""Client of a provider that is a real server with an OpenAI-compatible API; answers come in pieces."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx

from zaguan_tui.sandbox.data.records import ModelData, ProviderData
from zaguan_tui.sandbox.engine.chat.model_exchange import CALLS, LENGTH, STOP, GeneratedAnswer, GeneratedCall
from zaguan_tui.sandbox.engine.chat.wire import Piece, WireAnswer
from zaguan_tui.sandbox.engine.ledger.pricing import Tokens
from zaguan_tui.sandbox.engine.providers.call_record import CallOutcome
from zaguan_tui.sandbox.engine.providers.failures import FAILURES, Failure
from zaguan_tui.sandbox.engine.providers.fault_plan import CallPlan
from zaguan_tui.sandbox.http.errors import GatewayError

_ENDINGS = {"length": LENGTH, "tool_calls": CALLS}
_OUR_FIELDS = frozenset({"virtual_model_id", "provider_specific_params", "extra_body", "store", "metadata"})
_CONNECT_SECONDS = 5.0


class UpstreamError(Exception):
    """The server failed; ``failure`` names one of the engine's failures."""

    def __init__(self, call_plan: CallPlan) -> None:
        super().__init__(call_plan.failure.code if call_plan.failure else "rate limited")
        self.call_plan = call_plan

    @property
    def failure(self) -> Failure:
        """What broke; a throttle in the middle of an answer counts as a broken stream."""
        return self.call_plan.failure or FAILURES["reset"]


class UpstreamClient:
    """HTTP client of real servers. Belongs to one event loop; close it with ``aclose``."""

    def __init__(self) -> None:
        self._http = httpx.AsyncClient(trust_env=False)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def open_chat(
        self, provider: ProviderData, model: ModelData, body: Mapping[str, Any], answer: WireAnswer
    ) -> UpstreamStream:
        """Begin an answer that will fill ``answer``. Raises `UpstreamError`, or 400 for what it refuses."""
        request_body = {name: value for name, value in body.items() if name not in _OUR_FIELDS}
        request_body |= {"stream": True, "stream_options": {"include_usage": True}}
        response = await self._post(provider, model, "/chat/completions", request_body)
        return UpstreamStream(response, answer)

    async def embed(
        self, provider: ProviderData, model: ModelData, body: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The server's whole answer. Raises `UpstreamError`, or 400 for what it refuses."""
        response = await self._post(provider, model, "/embeddings", body)
        try:
            value = json.loads(await response.aread())
        except (ValueError, httpx.HTTPError) as error:
            raise _failed("reset") from error
        finally:
            await response.aclose()
        if not isinstance(value, dict) or not isinstance(value.get("data"), list):
            raise _failed("server")
        return value

    async def _post(
        self, provider: ProviderData, model: ModelData, path: str, body: Mapping[str, Any]
    ) -> httpx.Response:
        name = model.id.partition("/")[2]
        key = os.environ.get(provider.api_key_env or "", "")
        request = self._http.build_request(
            "POST",
            f"{(provider.base_url or '').rstrip('/')}{path}",
            json={**body, "model": name},
            headers={"authorization": f"Bearer {key}"} if key else {},
            timeout=httpx.Timeout(provider.timeout_s, connect=min(_CONNECT_SECONDS, provider.timeout_s)),
        )
        try:
            response = await self._http.send(request, stream=True)
            if response.status_code < 400:
                return response
            generated = (await response.aread()).decode(errors="replace")
            await response.aclose()
        except httpx.TimeoutException as error:
            raise _failed("timeout") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _failed("refused") from error
        raise _refusal(response, generated)


class UpstreamStream:
    """One answer of a server; its pieces are put into the `WireAnswer` it belongs to."""

    def __init__(self, response: httpx.Response, answer: WireAnswer) -> None:
        self._response = response
        self._answer = answer
        self._pieces: list[Piece] = []
        self._calls: dict[int, tuple[str, str]] = {}
        self._finish: str | None = None
        self._tokens: Tokens | None = None
        self._fill()

    async def aclose(self) -> None:
        """Close the connection."""
        await self._response.aclose()

    async def batches(self) -> AsyncIterator[list[Piece]]:
        """The pieces in the order they come, one list a frame. Raises `UpstreamError` when it breaks off."""
        kind: tuple[str, int] | None = None
        try:
            async for line in self._response.aiter_lines():
                text = line.removeprefix("data:").strip()
                if text == "[DONE]":
                    break
                batch = self._read(text) if text.startswith("{") else []
                kinds = {(piece.kind, piece.call) for piece in batch}
                if kinds - {kind}:
                    self._fill()  # the frames of a new block need to know what came before
                if batch:
                    kind = (batch[-1].kind, batch[-1].call)
                    yield batch
        except httpx.TimeoutException as error:
            raise _failed("timeout") from error
        except httpx.HTTPError as error:
            raise _failed("reset") from error
        self._fill()
        if self._finish is None:
            raise _failed("reset")

    async def drain(self) -> None:
        """Take the whole answer. Raises `UpstreamError`."""
        async for _ in self.batches():
            pass

    def _read(self, text: str) -> list[Piece]:
        """The pieces of one frame, or of a whole answer in one piece."""
        try:
            frame = json.loads(text)
        except ValueError as error:
            raise _failed("reset") from error
        if not isinstance(frame, dict) or frame.get("error"):
            raise _failed("server")
        usage = frame.get("usage")
        if isinstance(usage, dict):
            self._tokens = _tokens(usage)
        choice = next(iter(frame.get("choices") or ()), None)
        if not isinstance(choice, dict) or choice.get("index", 0) != 0:
            return []
        self._finish = choice.get("finish_reason") or self._finish
        return self._deltas(choice.get("delta") or choice.get("message") or {})

    def _deltas(self, delta: Mapping[str, Any]) -> list[Piece]:
        batch = []
        reasoning = delta.get("reasoning_content") or delta.get("reasoning")
        if isinstance(reasoning, str) and reasoning:
            batch.append(Piece(0, "reasoning", reasoning))
        if isinstance(delta.get("content"), str) and delta["content"]:
            batch.append(Piece(0, "text", delta["content"]))
        for place, call in enumerate(delta.get("tool_calls") or ()):
            number, function = call.get("index", place), call.get("function") or {}
            opens = number not in self._calls
            if opens:
                number = len(self._calls)
                name = str(call.get("id") or number).removeprefix("call_")
                self._calls[number] = (name, str(function.get("name") or ""))
            batch.append(Piece(0, "call", str(function.get("arguments") or ""), number, opens))
        self._pieces += batch
        return batch

    def _fill(self) -> None:
        words: dict[str, list[str]] = {"reasoning": [], "text": []}
        arguments: dict[int, list[str]] = {number: [] for number in self._calls}
        for piece in self._pieces:
            (arguments[piece.call] if piece.kind == "call" else words[piece.kind]).append(piece.text)
        calls = tuple(
            GeneratedCall(name, function, tuple(arguments[number]))
            for number, (name, function) in self._calls.items()
        )
        ending = _ENDINGS.get(self._finish or "", CALLS if calls else STOP)
        generated = GeneratedAnswer(tuple(words["reasoning"]), tuple(words["text"]), calls, ending)
        self._answer.fill(generated, self._pieces, self._tokens)


def _tokens(usage: Mapping[str, Any]) -> Tokens:
    def count(owner: object, name: str) -> int:
        value = owner.get(name) if isinstance(owner, Mapping) else None
        return value if isinstance(value, int) and 0 <= value < 10**9 else 0

    return Tokens(
        count(usage, "prompt_tokens"),
        count(usage, "completion_tokens"),
        count(usage.get("completion_tokens_details"), "reasoning_tokens"),
        count(usage.get("prompt_tokens_details"), "cached_tokens"),
    )


def _failed(kind: str) -> UpstreamError:
    return UpstreamError(CallPlan(CallOutcome.ERROR, 0.0, failure=FAILURES[kind]))


def _refusal(response: httpx.Response, body_text: str) -> Exception:
    """What a status of 400 and more means for the caller."""
    status = response.status_code
    if status == 429:
        wait = response.headers.get("retry-after", "")
        seconds = float(wait) if wait.isascii() and wait.isdigit() else 1.0
        return UpstreamError(CallPlan(CallOutcome.RATE_LIMITED, 0.0, retry_after_s=seconds))
    if status in (401, 403):
        return _failed("locked")
    if status >= 500:
        return _failed({503: "overloaded", 504: "timeout"}.get(status, "server"))
    try:
        message = json.loads(body_text)["error"]["message"]
    except (ValueError, KeyError, TypeError):
        message = body_text.strip()
    text = f"The provider's server refused the request ({status}): {str(message)[:500]}"
    return GatewayError(400, text, kind="invalid_request_error", code="upstream_refused")
