"""Expand the compact rows of a world file to one record per model.

A `[[family]]` holds what its members share; `[family.models]` has one line per member with what differs.
A member's `variants` (`["-latest", "-2024-08-06"]`) are further ids made by appending the suffix; a suffix
with a date in it is also the day of release, and an empty one is the member itself. A `[[resale]]` copies
models of other providers under this provider's prefix at a price factor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache

from zaguan_tui.sandbox.data.records import BANDS, KINDS, ModelData, ProviderData
from zaguan_tui.sandbox.data.table_reader import TableReader

FLAGS = ("vision", "tools", "reasoning", "audio_in", "audio_out", "streaming", "system_messages")
_CHAT_DEFAULTS = frozenset({"streaming", "system_messages"})
_WRITES_TOKENS = frozenset({"chat", "audio"})
_MEMBER_KEYS = frozenset(
    {"name", "about", "kind", "context", "max_output", "price", "band", "can", "cannot", "features"}
    | {"modalities", "ttft_ms", "tokens_per_s", "created", "deprecated", "shutdown_date", "variants"}
)
_FAMILY_KEYS = _MEMBER_KEYS - {"variants"} | {"models"}
_RESALE_KEYS = frozenset({"price_factor", "suffix", "models", "prefix"})
_DATE = re.compile(r"(20\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)")
_BAND_LIMITS = (1.0, 5.0, 15.0)
_BARE_MODALITIES = {"image": ("text", "image"), "audio": ("text", "audio")}


def band_for(input_cost: float, output_cost: float) -> str:
    """The price band: three parts input and one part output cost below 1, 5, 15 USD per million, or more."""
    blended = (3 * input_cost + output_cost) / 4
    return BANDS[sum(blended >= limit for limit in _BAND_LIMITS)]


def expand_family(family: TableReader, provider: ProviderData) -> Iterator[ModelData]:
    """Every model of one `[[family]]`, variants included, in the order written.

    Raises `WorldError` for unknown keys, wrong types and impossible values.
    """
    family.only(_FAMILY_KEYS)
    shared = {key: value for key, value in family.values.items() if key != "models"}
    members = family.table("models")
    if not members.values:
        family.fail("models", "a family needs at least one model")
    for suffix in members.values:
        written = members.table(suffix)
        written.only(_MEMBER_KEYS)
        row = written.over(shared)
        base = _model(row, f"{provider.id}/{suffix}", provider)
        variants = row.strings("variants")
        if "" not in variants:
            yield base
        for variant in variants:
            yield _variant(base, variant) if variant else base


def expand_resale(
    resale: TableReader, provider: ProviderData, origins: Mapping[str, ModelData]
) -> Iterator[ModelData]:
    """Every model of one `[[resale]]`: the origin's record under a new id, at another price, one hop later.

    `known` maps the ids of the whole world so far. Raises `WorldError` for an origin that is not in it.
    """
    resale.only(_RESALE_KEYS)
    factor = resale.number("price_factor", 1.0, high=10.0)
    suffix = resale.optional_text("suffix") or ""
    prefix = resale.optional_text("prefix") or ""
    for origin_id in resale.strings("models"):
        origin = origins.get(origin_id)
        if origin is None:
            resale.fail("models", f"no provider of this world has a model {origin_id!r}")
        reasoning = origin.reasoning_cost_per_1m
        yield replace(
            origin,
            id=f"{provider.id}/{prefix}{origin_id}{suffix}",
            provider=provider.id,
            name=f"{origin.name} ({suffix.lstrip(':-') or provider.name})",
            input_cost_per_1m=round(origin.input_cost_per_1m * factor, 4),
            output_cost_per_1m=round(origin.output_cost_per_1m * factor, 4),
            reasoning_cost_per_1m=None if reasoning is None else round(reasoning * factor, 4),
            band="A" if factor == 0 else origin.band,
            ttft_ms=origin.ttft_ms + provider.latency.ttft_ms,
            tokens_per_s=min(origin.tokens_per_s, provider.latency.tokens_per_s),
        )


def _model(row: TableReader, model_id: str, provider: ProviderData) -> ModelData:
    kind = row.text("kind", "chat")
    if kind not in KINDS:
        row.fail("kind", f"expected one of {', '.join(KINDS)}, found {kind!r}")
    can = _abilities(row, kind)
    prices = row.prices("price")
    band = row.text("band", band_for(prices[0], prices[1]))
    if band not in BANDS:
        row.fail("band", f"expected one of {', '.join(BANDS)}, found {band!r}")
    context = row.count("context")
    max_output = row.count("max_output", 0) if kind in _WRITES_TOKENS else 0
    if not context or max_output > context:
        row.fail("max_output", f"{max_output} output tokens do not fit a context of {context}")
    thinks = "reasoning" in can
    return ModelData(
        id=model_id,
        provider=provider.id,
        name=row.text("name"),
        description=row.text("about"),
        kind=kind,
        context=context,
        max_output=max_output,
        input_cost_per_1m=prices[0],
        output_cost_per_1m=prices[1],
        reasoning_cost_per_1m=prices[-1] if thinks else None,
        band=band,
        vision="vision" in can,
        tools="tools" in can,
        reasoning=thinks,
        audio_in="audio_in" in can,
        audio_out="audio_out" in can,
        streaming="streaming" in can,
        system_messages="system_messages" in can,
        features=row.words("features"),
        modalities=row.words("modalities") or _modalities(kind, can),
        ttft_ms=row.number("ttft_ms", provider.latency.ttft_ms, low=1.0),
        tokens_per_s=row.number("tokens_per_s", provider.latency.tokens_per_s, low=0.1),
        created=_unix(row.day("created")),
        deprecated=row.flag("deprecated"),
        shutdown_date=row.optional_text("shutdown_date"),
    )


def _abilities(row: TableReader, kind: str) -> frozenset[str]:
    added, removed = row.words("can"), row.words("cannot")
    for key, words in (("can", added), ("cannot", removed)):
        for word in words:
            if word not in FLAGS:
                row.fail(key, f"expected words out of {', '.join(FLAGS)}, found {word!r}")
    start = _CHAT_DEFAULTS if kind == "chat" else frozenset()
    return start.union(added).difference(removed)


@lru_cache(maxsize=64)
def _modalities(kind: str, can: frozenset[str]) -> tuple[str, ...]:
    if kind in _BARE_MODALITIES:
        return _BARE_MODALITIES[kind]
    hears = bool(can & {"audio_in", "audio_out"})
    return ("text", *(("image",) if "vision" in can else ()), *(("audio",) if hears else ()))


def _variant(base: ModelData, suffix: str) -> ModelData:
    dated = _DATE.search(suffix)
    created = base.created
    if dated:
        created = _unix(date(int(dated[1]), int(dated[2]), int(dated[3])))
    return replace(base, id=base.id + suffix, name=f"{base.name} ({suffix.lstrip('-:@')})", created=created)


@lru_cache(maxsize=1024)
def _unix(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
