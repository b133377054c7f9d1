"""Time series of every provider: latencies and error rate, bounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TYPE_CHECKING

from zaguan_tui.state.core.series import Series

if TYPE_CHECKING:
    from zaguan_tui.client.types.providers.providers import ProviderStatus

_MAX_PROVIDERS = 256

Readings = Iterable[tuple[float, float | None]]
"""Moments in Unix seconds with their values, oldest first; ``None`` is a gap."""


@dataclass(frozen=True, slots=True)
class ProviderSeries:
    """The history of one provider: latencies in ms, the error rate as 0..1."""

    p50: Series = field(default_factory=Series)
    p95: Series = field(default_factory=Series)
    error_rate: Series = field(default_factory=Series)

    def gap(self, at: datetime) -> None:
        """Note in all of them that nothing could be read."""
        for series in (self.p50, self.p95, self.error_rate):
            series.gap(at)


SERIES = tuple(each.name for each in fields(ProviderSeries))
"""The names of a provider's series."""


class ProviderSeriesStore:
    """The series of all providers. The ones unseen longest go first when there are too many."""

    def __init__(self) -> None:
        self._series: dict[str, ProviderSeries] = {}

    def __len__(self) -> int:
        return len(self._series)

    def of(self, provider: str) -> ProviderSeries | None:
        """The series of one provider, if it was ever seen."""
        return self._series.get(provider)

    @property
    def providers(self) -> tuple[str, ...]:
        """Every provider that has a history."""
        return tuple(self._series)

    def precede(self, provider: str, readings: Mapping[str, Readings], now: datetime) -> None:
        """Put remembered readings, by the name of their series, before what is held of a provider."""
        if provider not in self._series and len(self._series) >= _MAX_PROVIDERS:
            return
        held = self._series.setdefault(provider, ProviderSeries())
        for name in readings.keys() & set(SERIES):
            getattr(held, name).precede(readings[name], now)

    def spark(self, provider: str, points: int) -> tuple[float | None, ...]:
        """The newest p50 readings of a provider, oldest first."""
        series = self._series.get(provider)
        return series.p50.tail(points) if series else ()

    def add(self, statuses: Iterable[ProviderStatus], at: datetime) -> None:
        """Take in one good poll. A provider that is no longer listed gets a gap."""
        unseen = dict(self._series)
        for status in statuses:
            series = unseen.pop(status.id, None) or self._series.setdefault(status.id, ProviderSeries())
            series.p50.add(at, status.latency.p50)
            series.p95.add(at, status.latency.p95)
            series.error_rate.add(at, status.error_rate)
        for series in unseen.values():
            series.gap(at)
        for provider in list(unseen)[: max(0, len(self._series) - _MAX_PROVIDERS)]:
            del self._series[provider]

    def gap(self, at: datetime) -> None:
        """Note that a poll failed."""
        for series in self._series.values():
            series.gap(at)

    def forget(self) -> None:
        """Begin anew."""
        self._series.clear()
