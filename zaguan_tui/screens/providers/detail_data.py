"""Data of providers for the detail pane, the clipboard and the palette."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from zaguan_tui.features.feature import PaletteItem
from zaguan_tui.screens.providers.charts import WINDOW_SECONDS, Points
from zaguan_tui.screens.providers.detail import ProviderDetail
from zaguan_tui.state.core.series import Series
from zaguan_tui.state.providers.provider_state import ProvidersState
from zaguan_tui.state.providers.row import ProviderRow

if TYPE_CHECKING:
    from zaguan_tui.state.app_state import AppState


def collect_detail(providers: ProvidersState, row: ProviderRow, now: datetime) -> ProviderDetail:
    """The row with its series, its breaker's lane and transitions up to ``now``."""
    series = providers.series(row.id)
    return ProviderDetail(
        row,
        p50=_points(series.p50, now) if series else (),
        p95=_points(series.p95, now) if series else (),
        error_rate=_points(series.error_rate, now) if series else (),
        spans=providers.lane(row.id, row.breaker_scope),
        transitions=providers.transitions(row.id),
    )


def list_palette_items(app_state: AppState) -> Iterator[PaletteItem]:
    """The providers, for the palette."""
    for row in app_state.providers.board.rows:
        yield PaletteItem(f"Provider {row.name}", str(row.verdict), f"provider:{row.id}")


def provider_records_json(row: ProviderRow) -> str:
    """The provider's records as JSON, as the gateway sent them.

    JSON escapes whatever is not ASCII, so nothing in them can act on a terminal they are pasted into.
    """
    status = row.health.raw if row.health is not None else None
    records = {"provider": status, "breakers": [breaker.raw for breaker in row.breakers]}
    return json.dumps(records, indent=2, default=str)


def _points(series: Series, now: datetime) -> Points:
    window = series.window(WINDOW_SECONDS, now)
    return tuple((datetime.fromtimestamp(point.at, UTC), point.mean) for point in window)
