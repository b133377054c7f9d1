"""Load the world files: one TOML file per provider in one directory."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from zaguan_tui.sandbox.data.families import expand_family, expand_resale
from zaguan_tui.sandbox.data.records import (
    STRATEGIES,
    LatencyProfile,
    ModelData,
    ProviderData,
    TargetData,
    VirtualModelData,
    WorldData,
    WorldError,
)
from zaguan_tui.sandbox.data.table_reader import TableReader

WORLD_DIRECTORY = Path(__file__).parent / "world"
"""The files the package ships."""

_FILE_KEYS = frozenset({"provider", "family", "resale", "virtual_model"})
_PROVIDER_KEYS = frozenset(
    {"id", "name", "ttft_ms", "tokens_per_s", "jitter", "sigma", "baseline_error_rate"}
    | {"traffic_weight", "base_url", "api_key_env", "timeout_s"}
)


def load_world(directory: Path | None = None) -> WorldData:
    """Read every `*.toml` of `directory` (the shipped world when `None`), in the order of the file names.

    Raises `WorldError`, which names the file and the key, for what cannot be read and for repeated ids.
    """
    place = WORLD_DIRECTORY if directory is None else directory
    files = sorted(place.glob("*.toml"))
    if not files:
        raise WorldError(place.name, "", "no world files (*.toml) in this directory")
    sheets = [_read(file) for file in files]
    providers = tuple(_provider(sheet.table("provider")) for sheet in sheets)
    _check_duplicates(sheets, providers)
    own: dict[str, ModelData] = {}
    for sheet, provider in zip(sheets, providers, strict=True):
        for family in sheet.tables("family"):
            for model in expand_family(family, provider):
                _add(own, model, family)
    for sheet, provider in zip(sheets, providers, strict=True):
        for resale in sheet.tables("resale"):
            for model in list(expand_resale(resale, provider, own)):
                _add(own, model, resale)
    rank = {provider.id: i for i, provider in enumerate(providers)}
    models = tuple(sorted(own.values(), key=lambda model: rank[model.provider]))
    aliases = (virtual_model(row, own) for sheet in sheets for row in sheet.tables("virtual_model"))
    return WorldData(providers, models, tuple(aliases))


def _read(file: Path) -> TableReader:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise WorldError(file.name, "", str(error)) from error
    sheet = TableReader(file.name, "", values)
    sheet.only(_FILE_KEYS)
    return sheet


def _provider(section: TableReader) -> ProviderData:
    section.only(_PROVIDER_KEYS)
    provider_id = section.text("id")
    if "/" in provider_id or provider_id != provider_id.strip().lower():
        section.fail("id", f"a provider id is lower case without slashes or spaces, found {provider_id!r}")
    return ProviderData(
        id=provider_id,
        name=section.text("name"),
        latency=LatencyProfile(
            ttft_ms=section.number("ttft_ms", low=1.0),
            tokens_per_s=section.number("tokens_per_s", low=0.1),
            jitter=section.number("jitter", high=1.0),
            sigma=section.number("sigma", high=3.0),
        ),
        baseline_error_rate=section.number("baseline_error_rate", high=1.0),
        traffic_weight=section.number("traffic_weight"),
        base_url=_address(section),
        api_key_env=section.optional_text("api_key_env"),
        timeout_s=section.number("timeout_s", 60.0, low=0.1, high=3600.0),
    )


def _address(section: TableReader) -> str | None:
    address = section.optional_text("base_url")
    if address is not None and not address.startswith(("http://", "https://")):
        section.fail("base_url", f"an address begins with http:// or https://, found {address!r}")
    return address


def _check_duplicates(sheets: list[TableReader], providers: tuple[ProviderData, ...]) -> None:
    files_by_id: dict[str, str] = {}
    for sheet, provider in zip(sheets, providers, strict=True):
        if provider.id in files_by_id:
            sheet.fail("provider.id", f"{provider.id!r} is already defined in {files_by_id[provider.id]}")
        files_by_id[provider.id] = sheet.file


def _add(models: dict[str, ModelData], model: ModelData, section: TableReader) -> None:
    if model.id in models:
        section.fail("models", f"the id {model.id!r} is there twice")
    models[model.id] = model


_KEYS = frozenset(
    {"id", "name", "about", "strategy", "targets", "fallbacks", "disabled", "max_tokens", "temperature"}
)


def virtual_model(row: TableReader, models: Mapping[str, ModelData]) -> VirtualModelData:
    """The record of one ``[[virtual_model]]``. Raises `WorldError` for targets that are no chat models."""
    row.only(_KEYS)
    strategy = row.text("strategy", "priority")
    if strategy not in STRATEGIES:
        row.fail("strategy", f"expected one of {', '.join(STRATEGIES)}, found {strategy!r}")
    targets = tuple(_target(table, place) for place, table in enumerate(row.tables("targets"), 1))
    fallbacks = row.strings("fallbacks")
    for name in (*(target.model for target in targets), *fallbacks):
        if name not in models or models[name].kind != "chat":
            row.fail("targets", f"{name!r} is not a chat model of this world")
    if not targets:
        row.fail("targets", "a virtual model needs at least one target")
    return VirtualModelData(
        id=row.text("id"),
        name=row.text("name"),
        description=row.text("about"),
        strategy=strategy,
        targets=targets,
        fallbacks=fallbacks,
        enabled=not row.flag("disabled"),
        max_tokens=row.count("max_tokens") if "max_tokens" in row.values else None,
        temperature=row.number("temperature", high=2) if "temperature" in row.values else None,
    )


def _target(row: TableReader, place: int) -> TargetData:
    row.only({"model", "weight", "priority"})
    return TargetData(row.text("model"), row.number("weight", 1.0), row.count("priority", place))
