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
    """``first``, or the model a chat would begin with, and a well-known small one of another provider: of
    another maker too, and from where it is made rather than resold, as far as there is one."""
    begin = first or choose_default_model(entries)
    if begin is None:
        return []
    provider = next((entry.provider for entry in entries if entry.id == begin), None)
    others = [
        (_maker(name) in begin, _resold(entry.id), place, len(entry.id), entry.id)
        for place, name in enumerate(WELL_KNOWN)
        for entry in entries
        if name in entry.id and name not in begin and entry.provider != provider
        if can_chat(entry) and not entry.deprecated
    ]
    return [begin, min(others)[-1]] if others else [begin]


def _maker(name: str) -> str:
    """What all models of a well-known one's maker have in their names."""
    return name.partition("-")[0]


def _resold(model: str) -> bool:
    """Whether a model's id names its maker behind the provider, as re-sellers do."""
    return model.count("/") > 1
