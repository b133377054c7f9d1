"""State as a shape and a word, then a colour: readable in 16 colours, with no colour, and aloud."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from zaguan_tui.text.sanitize import clean_line


@dataclass(frozen=True, slots=True)
class Mark:
    """How one state looks: its shape, its word, and the name of the theme colour."""

    shape: str
    word: str
    color: str


PROVIDER_MARKS = {
    "healthy": Mark("●", "healthy", "success"),
    "degraded": Mark("▲", "degraded", "warning"),
    "down": Mark("✖", "down", "error"),
    "disabled": Mark("⊘", "disabled", "ink-soft"),
    "unknown": Mark("◌", "unknown", "ink-soft"),
}

BREAKER_MARKS = {
    "closed": Mark("─", "closed", "ink-soft"),
    "open": Mark("╱", "open", "error"),
    "half_open": Mark("╌", "half-open", "warning"),
    "unknown": Mark("◌", "unknown", "ink-soft"),
}

LINK_MARKS = {
    "live": Mark("●", "live", "success"),
    "connecting": Mark("◌", "connecting", "ink-soft"),
    "reachable": Mark("◌", "reachable", "ink-soft"),
    "reconnecting": Mark("▲", "reconnecting", "warning"),
    "unauthorised": Mark("✖", "unauthorised", "error"),
    "not a gateway": Mark("✖", "not a gateway", "error"),
    "cannot call": Mark("✖", "cannot call", "error"),
    "not connected": Mark("◌", "not connected", "ink-soft"),
    "paused": Mark("‖", "paused", "ink-soft"),
}


def mark_of(marks: dict[str, Mark], state: str | None) -> Mark:
    """The mark of ``state``; a state nobody has heard of keeps its own word."""
    if state is None:
        return Mark("◌", "unknown", "ink-soft")
    return marks.get(state) or Mark("◌", clean_line(state, 16), "ink-soft")


def badge(mark: Mark) -> Content:
    """``● healthy`` in the state's colour."""
    return Content.styled(f"{mark.shape} {mark.word}", f"${mark.color}")
