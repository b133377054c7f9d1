"""Default models of a comparison, and the catalogue entry of a model."""

from __future__ import annotations

from collections.abc import Sequence

from zaguan_tui.screens.chat.models.default_model import WELL_KNOWN, can_chat, choose_default_model
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.models.entry import ModelEntry


def find_model_entry(app_state: AppState, model: str) -> ModelEntry | None:
    """The catalogue's entry of a model, which may be a virtual one."""
    models = app_state.models
    return models.entry(model) or app_state.virtual_models.entry(model, models.catalogue)


def choose_default_models(entries: Sequence[ModelEntry], first: str | None = None) -> list[str]:
    """``first``, or a chat's default model, and a well-known small model of another provider: preferably of
    another maker, and from its maker rather than from a re-seller."""
    first_model = first or choose_default_model(entries)
    if first_model is None:
        return []
    provider = next((entry.provider for entry in entries if entry.id == first_model), None)
    others = [
        (_maker_of(name) in first_model, _is_resold(entry.id), rank, len(entry.id), entry.id)
        for rank, name in enumerate(WELL_KNOWN)
        for entry in entries
        if name in entry.id and name not in first_model and entry.provider != provider
        if can_chat(entry) and not entry.deprecated
    ]
    return [first_model, min(others)[-1]] if others else [first_model]


def _maker_of(name: str) -> str:
    """The part of the name that all models of this maker share."""
    return name.partition("-")[0]


def _is_resold(model: str) -> bool:
    """Whether a model's id names its maker behind the provider, as re-sellers do."""
    return model.count("/") > 1
