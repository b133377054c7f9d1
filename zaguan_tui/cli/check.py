"""``zaguan-tui check``: one sentence on whether the gateway can be used, and what to do if not."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from zaguan_tui.cli.exit_codes import ExitCode
from zaguan_tui.cli.invocation import Invocation
from zaguan_tui.cli.tls_probe import speaks_tls
from zaguan_tui.config.connection import Connection, choose_connection, origin_of
from zaguan_tui.config.keysources import describe_key, resolve_key
from zaguan_tui.config.loader import load
from zaguan_tui.config.secrets import Secret
from zaguan_tui.text.sanitize import clean_line

if TYPE_CHECKING:
    from zaguan_tui.client.types.account.credits import CreditsBalance
    from zaguan_tui.state.core.store import Problem

DEFAULT_SECONDS = 10.0
_REFUSED_KINDS = frozenset({"authentication", "permission", "band_access"})
_NO_GATEWAY_KINDS = frozenset(
    {"not_a_gateway", "unreadable", "not_found", "unsupported", "invalid_request", "conflict"}
)
_AGAIN = re.compile(r"; it is tried again by itself|It is tried again(?: by itself)?; ")
"""True of a poller, not of one check."""

_NO_HTTP_REASONS = frozenset({"closed", "protocol", "reset"})


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the check found. ``code`` is the exit code; counts are ``None`` when they were not read."""

    code: ExitCode
    kind: str
    sentence: str
    next_step: str = ""
    models: int | None = None
    credits_remaining: float | None = None
    credits_total: float | None = None
    tier: str | None = None
    request_id: str | None = None


def check(
    run: Invocation, *, as_json: bool, profile: str | None, base_url: str | None, seconds: float
) -> int:
    """Read models and the credits balance once, and print the verdict."""
    loaded = load(run.paths, run.environ)
    connection = choose_connection(loaded, run.environ, profile=profile, base_url=base_url)
    if connection is None:
        verdict = CheckResult(
            ExitCode.USAGE,
            "not_configured",
            "No gateway is configured.",
            "Set ZAGUAN_BASE_URL and ZAGUAN_API_KEY, or write a profile: zaguan-tui config init. "
            "To look around without any of that: zaguan-tui --demo",
        )
    else:
        api_key = resolve_key(connection, "api_key", run.environ)
        run.redactor.learn(api_key, *connection.profile.headers.values())
        verdict = asyncio.run(check_gateway(connection, api_key, seconds))
        if verdict.kind == "no_key":
            where = describe_key(connection, "api_key", run.environ)
            verdict = replace(verdict, sentence=f"{connection.host} wants an API key: {where}.")
    run.data(_as_json(verdict, connection) if as_json else _as_text(verdict))
    return verdict.code


async def check_gateway(connection: Connection, api_key: Secret | None, seconds: float) -> CheckResult:
    """Call the gateway and say how it went; at most ``seconds`` for each of the two calls."""
    from zaguan_tui.client.errors.exceptions import ZaguanError
    from zaguan_tui.connection.build import client_options, open_client

    if api_key is not None and connection.sends_keys_in_clear:
        return CheckResult(
            ExitCode.USAGE,
            "plain_http",
            f"The key was not sent: {connection.host} is another machine and http:// is not encrypted.",
            "Use https://, or set accept_plain_http = true in the profile if the network is safe.",
        )
    from zaguan_tui.client.dispatch.options import Timeouts

    limits = Timeouts(connect=seconds, pool=seconds, read=seconds, write=seconds)
    options = replace(client_options(connection.profile), timeout=limits, max_retries=0)
    async with open_client(connection, api_key, options=options) as client:
        try:
            models = await client.list_models()
        except ZaguanError as error:
            return await _failure(error, connection, api_key)
        model_count = len(models.data)
        try:
            balance = await client.get_credits_balance()
        except ZaguanError as error:
            failure = await _failure(error, connection, api_key)
            if failure.code in (ExitCode.NO_KEY, ExitCode.KEY_REFUSED):
                return replace(failure, models=model_count)
            credits_text = f"credits cannot be read ({failure.sentence.rstrip('.')})"
            if failure.kind in _NO_GATEWAY_KINDS:
                credits_text = "this server keeps no credits"
            return CheckResult(
                ExitCode.OK,
                "ok",
                f"{_connected(connection, model_count)}; {credits_text}.",
                models=model_count,
            )
    return _success(connection, model_count, balance)


async def _failure(error: BaseException, connection: Connection, api_key: Secret | None) -> CheckResult:
    from zaguan_tui.state.core.problems import explain_error

    problem = explain_error(error, address=connection.host)
    reason = str(getattr(error, "reason", ""))
    scheme, host, port = origin_of(connection.base_url)
    suspect = reason in _NO_HTTP_REASONS or getattr(error, "status", None) == 400
    if scheme == "http" and suspect and await asyncio.to_thread(speaks_tls, host, port):
        return CheckResult(
            ExitCode.TLS,
            "tls",
            f"{connection.host} speaks TLS, but the base URL begins with http://.",
            f"Use https://{connection.base_url.partition('://')[2]} instead.",
        )
    code, kind = _code_for(problem, reason, has_key=api_key is not None)
    next_step = _AGAIN.sub("", problem.next_step)
    next_step = next_step[:1].upper() + next_step[1:]
    if code is ExitCode.NO_KEY:
        next_step = "Set ZAGUAN_API_KEY, or name a source of the key in the profile: zaguan-tui config init."
    elif kind == "unsupported":  # every gateway lists its models
        next_step = "No gateway answers there: check the host, the port and the path in the base URL."
    return CheckResult(code, kind, problem.sentence, next_step, request_id=problem.request_id)


def _code_for(problem: Problem, reason: str, *, has_key: bool) -> tuple[ExitCode, str]:
    kind = problem.kind
    if kind == "authentication" and not has_key:
        return ExitCode.NO_KEY, "no_key"
    if kind in _REFUSED_KINDS:
        return ExitCode.KEY_REFUSED, kind
    if kind == "transport":
        if reason == "protocol":
            return ExitCode.NOT_A_GATEWAY, "protocol"
        return (ExitCode.TLS, "tls") if reason == "tls" else (ExitCode.UNREACHABLE, reason or kind)
    if kind in _NO_GATEWAY_KINDS:
        return ExitCode.NOT_A_GATEWAY, kind
    if kind == "argument":
        return ExitCode.USAGE, kind
    return ExitCode.UNREACHABLE, kind


def _success(connection: Connection, model_count: int, balance: CreditsBalance) -> CheckResult:
    left, total, tier = balance.credits_remaining, balance.credits_total, balance.tier
    credits_text = "credits unknown" if left is None else f"{left:,.0f} credits left"
    if left is not None and total is not None:
        credits_text = f"{left:,.0f} of {total:,.0f} credits left"
    plan = f" (tier {tier})" if tier else ""
    sentence = f"{_connected(connection, model_count)}, {credits_text}{plan}."
    return CheckResult(
        ExitCode.OK,
        "ok",
        sentence,
        models=model_count,
        credits_remaining=left,
        credits_total=total,
        tier=tier,
    )


def _connected(connection: Connection, model_count: int) -> str:
    return f"{connection.base_url} answers as a gateway: {model_count:,} models"


def _as_text(verdict: CheckResult) -> str:
    mark = "ok" if verdict.code is ExitCode.OK else "failed"
    lines = [f"{mark}: {clean_line(verdict.sentence)}"]
    lines += [f"next: {clean_line(verdict.next_step)}"] if verdict.next_step else []
    return "\n".join(lines)


def _as_json(verdict: CheckResult, connection: Connection | None) -> str:
    facts: dict[str, Any] = {
        "ok": verdict.code is ExitCode.OK,
        "exit_code": int(verdict.code),
        "kind": verdict.kind,
        "sentence": verdict.sentence,
        "next_step": verdict.next_step,
        "base_url": connection.base_url if connection else None,
        "profile": connection.profile.name if connection else None,
        "models": verdict.models,
        "credits_remaining": verdict.credits_remaining,
        "credits_total": verdict.credits_total,
        "tier": verdict.tier,
        "request_id": verdict.request_id,
    }
    return json.dumps(facts, indent=2)
