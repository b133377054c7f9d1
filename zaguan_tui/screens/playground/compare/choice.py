"""Which models a comparison begins with, when nobody has chosen any yet."""

from __future__ import annotations

from collections.abc import Sequence

from zaguan_tui.screens.playground.choice import WELL_KNOWN, can_chat, first_model
from zaguan_tui.state.comparing.setup import FEWEST_LANES
from zaguan_tui.state.model_entry import ModelEntry


def first_models(entries: Sequence[ModelEntry], first: str | None = None) -> list[str]:
    """``first``, or the model a chat would begin with, and a well-known small one of another provider."""
    begin = first or first_model(entries)
    if begin is None:
        return []
    models = [begin]
    provider = next((entry.provider for entry in entries if entry.id == begin), None)
    usable = [entry for entry in entries if can_chat(entry) and not entry.deprecated and entry.id != begin]
    for name in WELL_KNOWN:
        found = [entry.id for entry in usable if name in entry.id and entry.provider != provider]
        found = [model for model in found if name not in begin]
        if found and len(models) < FEWEST_LANES:
            models.append(min(found, key=len))
    return models
