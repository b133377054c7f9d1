"""How far a panel may be believed: source, age, failed polls, next try. Every panel carries one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget

from zaguan_tui.state.core.store import Phase
from zaguan_tui.text.format import age, countdown, rough_age
from zaguan_tui.widgets.foreign_text import foreign_line


@dataclass(frozen=True, slots=True)
class SourceAge:
    """One source behind a panel. Ages and waits in seconds; ``trouble``: its last failure in words."""

    name: str
    phase: Phase
    age_s: float | None
    failures: int = 0
    next_in_s: float | None = None
    trouble: str | None = None


class TrustStrip(Widget):
    """One line under a panel."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__(classes="trust")
        self._sources: tuple[SourceAge, ...] = ()
        self._coverage = ""
        self._line = Content("")

    def show(self, sources: tuple[SourceAge, ...], coverage: str = "") -> None:
        """Draw these; ``coverage`` says how much of the whole is shown ("12 of 17")."""
        self._sources, self._coverage = sources, coverage
        line = self.render()
        if not line.is_same(self._line):  # a float that moves is not yet another word
            self._line = line
            self.refresh()

    def render(self) -> Content:
        """Sources from left to right, coverage at the end."""
        left = Content.styled(" · ", "$ink-faint").join(
            [_source(source) for source in _merge_sources(self._sources)]
        )
        right = Content.styled(self._coverage, "$ink-faint")
        space = max(0, self.content_size.width - right.cell_length - bool(right))
        return Content.assemble(left.truncate(space, ellipsis=True, pad=True), " " * bool(right), right)


def _merge_sources(sources: tuple[SourceAge, ...]) -> tuple[SourceAge, ...]:
    """Sources with the same trouble as one: written once, it fits the line."""
    merged: dict[object, SourceAge] = {}
    for place, source in enumerate(sources):
        key = (source.phase, source.trouble) if source.failures else place
        first = merged.get(key)
        merged[key] = source if first is None else _merge(first, source)
    return tuple(merged.values())


def _merge(one: SourceAge, other: SourceAge) -> SourceAge:
    """Both names, the greater age and number of failures, the nearer next try."""
    ages = [age_s for age_s in (one.age_s, other.age_s) if age_s is not None]
    waits = [wait for wait in (one.next_in_s, other.next_in_s) if wait is not None]
    return replace(
        one,
        name=f"{one.name}, {other.name}",
        age_s=max(ages, default=None),
        failures=max(one.failures, other.failures),
        next_in_s=min(waits, default=None),
    )


def _source(source: SourceAge) -> Content:
    name = Content.styled(f"{source.name} ", "$ink-faint")
    last = age(source.age_s)
    match source.phase:
        case Phase.FIRST_LOAD:
            return name + Content.styled("loading …", "$ink-soft")
        case Phase.FRESH:
            return name + Content.styled(rough_age(source.age_s), "$ink-soft")
        case Phase.ABSENT:
            return name + Content.styled("⊘ this gateway does not offer it", "$ink-soft")
        case Phase.STALE:
            words = f"▲ last good {last}, {_polls(source.failures)}"
            return name + Content.styled(words, "$warning") + _retry(source)
        case Phase.FAILED:
            last_good = f", last good {last}" if source.age_s is not None else ""
            head = Content.styled(f"✖ {_polls(source.failures)}{last_good}", "$error")
            return name + head + _retry(source) + _trouble(source)


def _polls(failures: int) -> str:
    return f"{failures} failed poll{'s' if failures != 1 else ''}"


def _retry(source: SourceAge) -> Content:
    if source.next_in_s is None:
        return Content("")
    return Content.styled(f", next try in {countdown(source.next_in_s)}", "$ink-soft")


def _trouble(source: SourceAge) -> Content:
    return Content(" ") + foreign_line(source.trouble, "$ink-soft", 120) if source.trouble else Content("")
