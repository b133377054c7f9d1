"""Read a virtual model from a world file: name, strategy and target models."""

from __future__ import annotations

from collections.abc import Mapping

from zaguan_tui.sandbox.data.records import STRATEGIES, ModelData, TargetData, VirtualModelData
from zaguan_tui.sandbox.data.table_reader import TableReader

_KEYS = frozenset(
    {"id", "name", "about", "strategy", "targets", "fallbacks", "disabled", "max_tokens", "temperature"}
)


def virtual_model(row: TableReader, models: Mapping[str, ModelData]) -> VirtualModelData:
    """The record of one ``[[virtual_model]]``. Raises `WorldError` for targets that are no chat models."""
    row.only(_KEYS)
    strategy = row.text("strategy", "priority")
    if strategy not in STRATEGIES:
        row.fail("strategy", f"expected one of {', '.join(STRATEGIES)}, found {strategy!r}")
    targets = tuple(_target(one, place) for place, one in enumerate(row.tables("targets"), 1))
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
