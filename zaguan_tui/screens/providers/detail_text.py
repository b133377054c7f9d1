"""Everything known about one provider, in words."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from zaguan_tui.state.providers.row import ProviderRow
from zaguan_tui.text.format import (
    age,
    count,
    countdown,
    duration,
    milliseconds,
    percent,
    rough_age,
)
from zaguan_tui.text.sentences import format_span
from zaguan_tui.widgets.foreign_text import foreign_line, identifier
from zaguan_tui.widgets.status import BREAKER_MARKS, PROVIDER_MARKS, badge, mark_of

LABEL_CELLS = 13


def format_condition(row: ProviderRow, now: datetime) -> Content:
    """State, breaker, last success."""
    success = Content(_ago(row, row.last_success_at, now))
    return Content("\n").join(
        [_fact("state", _state(row)), _fact("breaker", _breaker(row, now)), _fact("last success", success)]
    )


def format_figures(row: ProviderRow, now: datetime) -> Content:
    """Latency, errors, last error."""
    latency = Content(f"p50 {milliseconds(row.latency_p50)}   p95 {milliseconds(row.latency_p95)}")
    error = foreign_line(row.last_error, limit=120)
    if row.last_error is not None:
        error = Content.styled(f"{_ago(row, row.last_error_at, now)}  ", "$ink-soft") + error
    return Content("\n").join(
        [_fact("latency", latency), _fact("errors", _errors(row)), _fact("last error", error)]
    )


def format_conflicts(row: ProviderRow) -> Content:
    """Where the sources disagree; empty when they do not."""
    return Content("\n").join(
        [
            Content.assemble(("≠ ", "bold $warning"), foreign_line(text, "$warning"))
            for text in row.contradictions
        ]
    )


def format_title(row: ProviderRow) -> Content:
    """Name, id and number of models, for the rule above the pane."""
    models = f" · {count(row.models_count)} models" if row.models_count is not None else ""
    same = row.name.casefold() == row.id.casefold()
    parts = [foreign_line(row.name, "bold")] + ([] if same else [Content(" · "), identifier(row.id)])
    return Content("").join([Content(" "), *parts, Content(f"{models} ")])


def _fact(label: str, value: Content) -> Content:
    return Content.assemble((label.ljust(LABEL_CELLS), "$ink-soft"), value)


def _state(row: ProviderRow) -> Content:
    line = badge(mark_of(PROVIDER_MARKS, row.status))
    if row.enabled is False and row.status != "disabled":
        line += Content.styled("  switched off by an admin", "$ink-soft")
    return line


def _breaker(row: ProviderRow, now: datetime) -> Content:
    if row.breaker is None:
        return Content.styled("– this gateway does not say", "$ink-soft")
    parts = [badge(mark_of(BREAKER_MARKS, row.breaker))]
    if (wait := row.probe_in(now)) is not None:
        parts.append(Content.styled(f"probe in {countdown(wait)}" if wait > 0 else "probe due", "bold"))
    if (held := row.breaker_age(now)) is not None:
        parts.append(Content.styled(f"for {format_span(held)}", "$ink-soft"))
    if row.trips_total is not None:
        parts.append(Content.styled(_trips(row.trips_total), "$ink-soft"))
    if row.breaker_scope is not None:
        parts.append(identifier(row.breaker_scope, "$ink-soft"))
    return Content("  ").join(parts)


def _trips(times: int) -> str:
    return "never opened" if not times else f"opened {count(times)} time{'s' if times != 1 else ''}"


def _errors(row: ProviderRow) -> Content:
    if row.idle:
        return Content.styled("idle: nobody called it within the window", "$ink-soft")
    text = percent(row.error_rate, row.requests_total)
    window = f" in {duration(row.window_seconds)}" if row.window_seconds else ""
    small = Content.styled("  too few to say much", "$ink-faint") if row.small_sample else Content("")
    return Content.assemble(f"{text} requests{window}" if row.error_rate is not None else text, small)


def _ago(row: ProviderRow, at: datetime | None, now: datetime) -> str:
    """Exact beside a breaker whose seconds are counted, else in steps: what says the same moves less."""
    exact = row.breaker not in (None, "closed")
    return (age if exact else rough_age)(_since(at, now))


def _since(at: datetime | None, now: datetime) -> float | None:
    return None if at is None else (now - at).total_seconds()
