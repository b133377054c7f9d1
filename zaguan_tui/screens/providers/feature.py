"""The providers: health, latency, failures and circuit breakers."""

from __future__ import annotations

from functools import partial

from zaguan_tui.features.action import Action
from zaguan_tui.features.feature import Feature

_providers = partial(Action, where="providers")
_providers_detail = partial(Action, where="providers.detail", shown=False)

_ACTIONS: tuple[Action, ...] = (
    _providers_detail("detail.previous", "step(-1)", "up,k", "Previous", "Show the provider above."),
    _providers_detail("detail.next", "step(1)", "down,j", "Next", "Show the provider below."),
    _providers(
        "providers.filter", "filter", "slash", "Filter", "Filter the table; p95:- finds unknown values."
    ),
    _providers("providers.sort", "sort", "s", "Sort", "Sort by the next column."),
    _providers("providers.reverse", "reverse", "S", "Reverse", "Turn the sorting round.", shown=False),
    _providers("providers.close", "close", "escape", "Close", "Close the detail, or drop the filter."),
    _providers("providers.refresh", "refresh_now", "r", "Refresh", "Ask the gateway now."),
    _providers("providers.copy", "copy", "y", "Copy", "Copy the provider's row as JSON.", shown=False),
)

PROVIDERS = Feature(
    name="providers",
    title="Providers",
    screen="zaguan_tui.screens.providers.screen:ProvidersScreen",
    actions=_ACTIONS,
    styles=("providers.tcss",),
    help=(
        "One line a provider: what it reports, how fast it answers, how much of it fails (and of how many), "
        "and what its circuit breaker does. ≠ marks a contradiction, such as healthy with an open breaker. "
        "The cursor stays on the worst provider until you move it. Enter opens the detail, where up and down "
        "go on to the next; escape closes it. A click on a heading sorts. Ages tell how far to believe it."
    ),
    digit="5",
    short="Prov",
    links=("provider",),
    widgets=("table", "filter"),
    palette="zaguan_tui.screens.providers.detail_data:list_palette_items",
    watches=("zaguan_tui.state.providers.provider_state:ProvidersState",),
    calls=("get_provider_status", "get_circuit_breaker_status"),
    sections=("providers",),
)
