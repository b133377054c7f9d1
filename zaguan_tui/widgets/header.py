"""The one line at the top: which gateway, how the link is, what is left, and what we cost it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget

from zaguan_tui.text.format import age, milliseconds, rate
from zaguan_tui.text.format import credits as format_credits
from zaguan_tui.widgets.foreign_text import foreign_line, identifier
from zaguan_tui.widgets.status import LINK_MARKS, badge, mark_of

GAUGE_CELLS = 8
LOW_CREDITS = 0.1

ENVIRONMENT_COLORS = {"prod": "error", "staging": "warning", "demo": "primary"}


@dataclass(frozen=True, slots=True)
class HeaderFacts:
    """What the header shows. ``latency_ms`` in milliseconds, ``requests_per_s`` is ours; fractions 0..1.

    ``latency_age_s`` is how many seconds ago the latency was measured, where that is long ago.
    """

    profile: str = ""
    environment: str = ""
    host: str = ""
    link: str = "not connected"
    link_detail: str = ""
    latency_ms: float | None = None
    latency_age_s: float | None = None
    credits: float | None = None
    credits_fraction: float | None = None
    alerts: int = 0
    requests_per_s: float | None = None
    read_only: bool = False


class StatusHeader(Widget):
    """Draws :class:`HeaderFacts` in one line; what matters least goes first when the terminal is narrow."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__(id="header")
        self._facts = HeaderFacts()
        self._line = Content("")

    def show(self, facts: HeaderFacts) -> None:
        """Draw these facts from now on."""
        self._facts = facts
        line = self.render()
        if not line.is_same(self._line):  # a float that moves is not yet another word
            self._line = line
            self.refresh()

    def render(self) -> Content:
        """Left: who and where. Right: what is left, what is wrong, what we ask."""
        facts, width = self._facts, self.content_size.width
        left = [(9, _name()), (6, _profile(facts)), (2, _host(facts)), (8, _link(facts))]
        right = [
            (7, _alerts(facts)),
            (4, _read_only(facts)),
            (5, _credits(facts)),
            (3, _gauge(facts)),
            (1, _rate(facts)),
        ]
        shown = {id(part) for _, part in (*left, *right) if part}
        by_weight = sorted((*left, *right), key=lambda pair: pair[0])

        def line(parts: list[tuple[int, Content]]) -> Content:
            return Content("  ").join([part for _, part in parts if id(part) in shown])

        for _, part in by_weight:
            if line(left).cell_length + line(right).cell_length + 2 <= width:
                break
            shown.discard(id(part))
        start, end = line(left), line(right)
        gap = " " * max(1, width - start.cell_length - end.cell_length)
        return Content.assemble(start, gap, end)


def _name() -> Content:
    return Content.styled("zaguan", "bold $ink-strong")


def _profile(facts: HeaderFacts) -> Content:
    if not facts.profile:
        return Content("")
    color = ENVIRONMENT_COLORS.get(facts.environment, "ink-soft")
    word = (
        facts.profile
        if facts.environment in ("", facts.profile)
        else f"{facts.profile} · {facts.environment}"
    )
    return foreign_line(word, f"bold ${color}", 28)


def _host(facts: HeaderFacts) -> Content:
    return identifier(facts.host, "$ink-soft") if facts.host else Content("")


def _link(facts: HeaderFacts) -> Content:
    parts = [badge(mark_of(LINK_MARKS, facts.link))]
    if facts.link == "live" and facts.latency_ms is not None:
        parts.append(Content.styled(milliseconds(facts.latency_ms), "$ink-soft"))
        if facts.latency_age_s is not None:
            parts.append(Content.styled(age(facts.latency_age_s), "$ink-faint"))
    elif facts.link_detail:
        parts.append(foreign_line(facts.link_detail, "$ink-soft", 40))
    return Content(" ").join(parts)


def _credits(facts: HeaderFacts) -> Content:
    if facts.credits is None:
        return Content("")
    low = facts.credits_fraction is not None and facts.credits_fraction < LOW_CREDITS
    return Content.assemble(
        (format_credits(facts.credits), "bold $error" if low else "$foreground"), (" credits", "$ink-soft")
    )


def _gauge(facts: HeaderFacts) -> Content:
    fraction = facts.credits_fraction
    if fraction is None:
        return Content("")
    full = round(min(1.0, max(0.0, fraction)) * GAUGE_CELLS)
    color = "$error" if fraction < LOW_CREDITS else "$primary"
    return Content.assemble(
        ("━" * full, color), ("━" * (GAUGE_CELLS - full), "$rule"), (f" {fraction:.0%}", "$ink-soft")
    )


def _alerts(facts: HeaderFacts) -> Content:
    if not facts.alerts:
        return Content("")
    noun = "alert" if facts.alerts == 1 else "alerts"
    return Content.styled(f"▲ {facts.alerts} {noun}", "bold $warning")


def _read_only(facts: HeaderFacts) -> Content:
    return Content.styled("read-only", "$ink-soft") if facts.read_only else Content("")


def _rate(facts: HeaderFacts) -> Content:
    return (
        Content.styled(rate(facts.requests_per_s, "req"), "$ink-faint")
        if facts.requests_per_s is not None
        else Content("")
    )
