"""Differences that a reload of the world files makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zaguan_tui.sandbox.data.records import WorldData


@dataclass(frozen=True, slots=True)
class Difference:
    """Names that came, went, or stay with other contents; sorted."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]

    @classmethod
    def between(cls, old: Mapping[str, object], new: Mapping[str, object]) -> Difference:
        """Compare two sets of things by name."""
        both = old.keys() & new.keys()
        changed = tuple(sorted(name for name in both if old[name] != new[name]))
        return cls(tuple(sorted(new.keys() - old.keys())), tuple(sorted(old.keys() - new.keys())), changed)

    @property
    def any(self) -> bool:
        """Whether there is a difference at all."""
        return bool(self.added or self.removed or self.changed)

    def row(self) -> dict[str, list[str]]:
        """As the wire has it."""
        return {"added": list(self.added), "removed": list(self.removed), "changed": list(self.changed)}


@dataclass(frozen=True, slots=True)
class Changes:
    """The differences between two worlds."""

    providers: Difference
    models: Difference
    virtual_models: Difference

    @classmethod
    def between(cls, old: WorldData, new: WorldData) -> Changes:
        """Compare two worlds."""
        return cls(
            Difference.between(
                {item.id: item for item in old.providers}, {item.id: item for item in new.providers}
            ),
            Difference.between(
                {item.id: item for item in old.models}, {item.id: item for item in new.models}
            ),
            Difference.between(
                {item.id: item for item in old.virtual_models}, {item.id: item for item in new.virtual_models}
            ),
        )

    @property
    def any(self) -> bool:
        """Whether anything changed."""
        return self.providers.any or self.models.any or self.virtual_models.any

    @property
    def warnings(self) -> tuple[str, ...]:
        """Warnings for an operator."""
        removed = len(self.models.removed)
        return (f"{removed} models are gone; callers that name them get 404.",) if removed else ()
