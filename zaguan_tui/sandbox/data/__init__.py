"""The seeded world of the sandbox: providers and models, one TOML file per provider under `world/`."""

from __future__ import annotations

from zaguan_tui.sandbox.data.loader import load_world
from zaguan_tui.sandbox.data.records import (
    BANDS,
    KINDS,
    STRATEGIES,
    LatencyProfile,
    ModelData,
    ProviderData,
    TargetData,
    VirtualModelData,
    WorldData,
    WorldError,
)

__all__ = [
    "BANDS",
    "KINDS",
    "STRATEGIES",
    "LatencyProfile",
    "ModelData",
    "ProviderData",
    "TargetData",
    "VirtualModelData",
    "WorldData",
    "WorldError",
    "load_world",
]
