"""Navigation history: the links visited, for going back and forward as in a browser."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_LENGTH = 200


@dataclass(slots=True)
class NavigationHistory:
    """A trail of links (``room:providers``, ``provider:groq``) and a place on it."""

    _trail: list[str] = field(default_factory=list)
    _place: int = -1

    @property
    def current(self) -> str | None:
        """The present link, or ``None`` before the first visit."""
        return self._trail[self._place] if self._trail else None

    def visit(self, link: str) -> None:
        """Go to a new link: the links ahead are dropped, the same link twice counts once."""
        if link == self.current:
            return
        del self._trail[self._place + 1 :]
        self._trail.append(link)
        del self._trail[: max(0, len(self._trail) - MAX_LENGTH)]
        self._place = len(self._trail) - 1

    def back(self) -> str | None:
        """One step back; ``None`` at the beginning."""
        if self._place <= 0:
            return None
        self._place -= 1
        return self._trail[self._place]

    def forward(self) -> str | None:
        """One step forward; ``None`` at the end."""
        if self._place + 1 >= len(self._trail):
            return None
        self._place += 1
        return self._trail[self._place]
