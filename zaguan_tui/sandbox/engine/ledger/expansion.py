"""Generate the ledger rows of one past day: daily curve, weekends, a nightly job, one spike.

The rows of a day have exactly the number and the credits that the day has as a sum, so nothing that is
derived from the ledger changes when they are read.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.ledger.pricing import NANO_PER_CREDIT, Tokens, cost_nano
from zaguan_tui.sandbox.engine.ledger.seeded_history import SPIKE_DAYS_AGO
from zaguan_tui.sandbox.engine.seeds import stream

DAY = 86_400.0
NIGHTLY = "nightly-evals"
_TENANTS = ("web-chat", "support-rag", "ide-assist")
_HOURS = (4, 3, 2, 2, 2, 3, 6, 14, 34, 52, 58, 56, 40, 54, 60, 57, 48, 34, 22, 18, 15, 12, 9, 6)
_WEEKEND_HOURS = (5, 4, 3, 2, 2, 2, 3, 5, 8, 11, 13, 14, 13, 13, 14, 14, 13, 12, 12, 12, 11, 10, 8, 6)
_NIGHTLY_BEGINS, _NIGHTLY_LASTS = 2 * 3600.0, 40 * 60.0
_NIGHTLY_SHARE = 0.06
_RUNAWAY_SHARE = 0.75
"""On the day of the spike the nightly evaluation did not stop until noon: this share of the day is its."""
_RUNAWAY_LASTS = 10 * 3600.0
_DEFAULT_MODELS = (
    ("openai/gpt-4o-mini", 20.0),
    ("openai/gpt-4o", 14.0),
    ("anthropic/claude-sonnet-4-5", 12.0),
    ("google/gemini-2.5-flash", 11.0),
    ("groq/llama-3.3-70b-versatile", 9.0),
    ("anthropic/claude-haiku-4-5", 8.0),
    ("openai/gpt-5", 6.0),
    ("mistral/mistral-medium-latest", 5.0),
    ("deepseek/deepseek-chat", 5.0),
    ("openai/o3", 3.0),
    ("google/gemini-2.5-pro", 3.0),
    ("xai/grok-3", 2.0),
    ("anthropic/claude-opus-4-1", 1.0),
)
_NIGHTLY_MODELS = (("openai/gpt-5", 2.0), ("anthropic/claude-sonnet-4-5", 1.0))

Row = tuple[str, str, float, str, str, str, str, int, int, int, int, int, int, float, str, str]
"""One row in the order of the ledger's columns."""


@dataclass(frozen=True, slots=True)
class _Plan:
    at: float
    tenant: str
    model: ModelData
    status: str


def expand_day(
    seed: int, day: str, starts_at: float, until: float, requests: int, credits_used: int, ago: int,
    models: Mapping[str, ModelData],
) -> list[Row]:  # fmt: skip
    """The rows of ``day``, oldest first, all before ``until`` (unix seconds): ``requests`` of them, and
    ``credits_used`` credits together. ``ago`` is how many days it lay before the world's first day."""
    rng = stream(seed, "rows", day)
    plans = sorted(_plans(rng, starts_at, until, requests, ago, models), key=lambda plan: plan.at)
    if credits_used and all(plan.status != "success" for plan in plans) and plans:
        plans[0] = _Plan(plans[0].at, plans[0].tenant, plans[0].model, "success")
    shares = _distribute_credits(rng, plans, credits_used)
    return [
        _row(rng, f"{day}-{index}", plan, share)
        for index, (plan, share) in enumerate(zip(plans, shares, strict=True))
    ]


def _plans(
    rng: random.Random,
    starts_at: float,
    until: float,
    requests: int,
    ago: int,
    models: Mapping[str, ModelData],
) -> Iterator[_Plan]:
    length = max(1.0, min(DAY, until - starts_at))
    weekend = int(starts_at // DAY + 3) % 7 >= 5  # the first of January 1970 was a Thursday
    hours = _hours(_WEEKEND_HOURS if weekend else _HOURS, length)
    runaway = ago == SPIKE_DAYS_AGO
    nightly_share = _RUNAWAY_SHARE if runaway else _NIGHTLY_SHARE
    nightly_lasts = min(_RUNAWAY_LASTS if runaway else _NIGHTLY_LASTS, length - _NIGHTLY_BEGINS)
    usual, nightly = _weight_models(_DEFAULT_MODELS, models), _weight_models(_NIGHTLY_MODELS, models)
    for _ in range(requests):
        luck = rng.random()
        if nightly_lasts > 0 and rng.random() < nightly_share:
            at = _NIGHTLY_BEGINS + nightly_lasts * rng.random()
            tenant, model = NIGHTLY, _pick(rng, nightly)
        else:
            hour = bisect(hours, rng.random() * hours[-1])
            at = min(hour * 3600 + rng.random() * 3600, length - 0.001 - rng.random())
            tenant, model = _TENANTS[int(rng.random() * 3)], _pick(rng, usual)
        status = "error" if luck < 0.008 else "rate_limited" if luck < 0.013 else "success"
        yield _Plan(starts_at + max(0.0, at), tenant, model, status)


def _hours(curve: Sequence[int], length: float) -> list[float]:
    """The curve summed up, cut where a day that is not over yet ends."""
    parts = [weight * min(1.0, max(0.0, length / 3600 - hour)) for hour, weight in enumerate(curve)]
    return list(accumulate(part for part in parts if part > 0))


_WeightedModels = tuple[list[ModelData], list[float]]


def _weight_models(names: Sequence[tuple[str, float]], models: Mapping[str, ModelData]) -> _WeightedModels:
    weighted = [(models[name], weight) for name, weight in names if name in models]
    weighted = weighted or [(next(model for model in models.values() if model.kind == "chat"), 1.0)]
    return [model for model, _ in weighted], list(accumulate(weight for _, weight in weighted))


def _pick(rng: random.Random, menu: _WeightedModels) -> ModelData:
    return menu[0][bisect(menu[1], rng.random() * menu[1][-1])]


def _distribute_credits(rng: random.Random, plans: Sequence[_Plan], total: int) -> list[int]:
    """``total`` credits dealt out in proportion to size and price; failed calls cost nothing."""
    weights = []
    for plan in plans:
        price = plan.model.input_cost_per_1m * 3 + plan.model.output_cost_per_1m
        size = rng.lognormvariate(0.0, 0.8)
        weights.append(size * (price + 0.3) if plan.status == "success" else 0.0)
    paying = sum(weight > 0 for weight in weights)
    spare = total - paying
    if spare < 0:  # fewer credits than calls: the first ones get one each
        paid_calls = accumulate(int(weight > 0) for weight in weights)
        return [int(weight > 0 and place <= total) for weight, place in zip(weights, paid_calls, strict=True)]
    scale, whole = (spare / sum(weights) if paying else 0.0), 0
    carried, shares = 0.0, []
    for weight in weights:
        carried += weight * scale
        extra = int(carried) - whole if weight else 0
        whole += extra
        shares.append(1 + extra if weight else 0)
    missing = total - sum(shares)
    biggest = max(range(len(shares)), key=weights.__getitem__, default=0)
    if shares:
        shares[biggest] += missing
    return shares


def _row(rng: random.Random, name: str, plan: _Plan, credits_used: int) -> Row:
    model, status = plan.model, plan.status
    prompt, completion, reasoning, cached = _tokens(rng, model, credits_used)
    nano = cost_nano(model, Tokens(prompt, completion, reasoning, cached))
    latency = model.ttft_ms * rng.lognormvariate(0.0, 0.4) + completion / max(model.tokens_per_s, 1) * 1000
    error = ""
    if status != "success":
        latency = 150.0 if status == "rate_limited" else 300 + 2000 * rng.random()
        what_failed = "asked to slow down" if status == "rate_limited" else "failed"
        error = f"{model.provider} {what_failed}."
    completion_id = f"chatcmpl-{rng.getrandbits(96):024x}" if status == "success" else ""
    call_columns = f"req_{plan.tenant}_{name}", completion_id, plan.at, plan.tenant
    model_columns = model.id, model.provider, model.band, prompt, completion, reasoning, cached
    return (*call_columns, *model_columns, credits_used, nano, round(latency, 1), status, error)


def _tokens(rng: random.Random, model: ModelData, credits_used: int) -> tuple[int, int, int, int]:
    """Tokens whose price rounds up to the credits: what prompt and completion share is drawn."""
    if not credits_used:
        return 0, 0, 0, 0
    budget = (credits_used - 0.05 - 0.9 * rng.random()) * NANO_PER_CREDIT
    share = 0.25 + 0.5 * rng.random()
    prompt = int(budget * share / (model.input_cost_per_1m * 1000)) if model.input_cost_per_1m else 400
    prompt = max(1, min(prompt, model.context))
    remaining = max(0.0, budget - prompt * model.input_cost_per_1m * 1000)
    completion = int(remaining / (model.output_cost_per_1m * 1000)) if model.output_cost_per_1m else 120
    completion = max(1, min(completion, model.max_output or completion))
    reasoning = int(completion * 0.6) if model.reasoning else 0
    return prompt, completion, reasoning, 0
