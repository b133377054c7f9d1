"""The tuple of features, in the order of their digits, and look-ups in it.

The app, keys, palette, help, settings, command line, README tables and pictures read it.
"""

from __future__ import annotations

from zaguan_tui.features import planned
from zaguan_tui.features.feature import Feature, Kit
from zaguan_tui.screens.chat.actions import CHAT_KIT
from zaguan_tui.screens.common.actions import COMMON_KIT
from zaguan_tui.screens.compare.feature import COMPARE
from zaguan_tui.screens.playground.feature import PLAYGROUND
from zaguan_tui.screens.providers.feature import PROVIDERS
from zaguan_tui.screens.realtime.feature import REALTIME

KITS: tuple[Kit, ...] = (COMMON_KIT, CHAT_KIT)

FEATURES: tuple[Feature, ...] = (
    planned.OVERVIEW,
    PLAYGROUND,
    COMPARE,
    REALTIME,
    planned.MODELS,
    planned.CREDITS,
    PROVIDERS,
    planned.JOBS,
    planned.WORKBENCH,
    planned.ASSISTANTS,
    planned.ADMIN,
    planned.REQUESTS,
)

FIRST_SCREEN = PLAYGROUND.name


def list_tabs() -> tuple[Feature, ...]:
    """The screens of the row of tabs: those with a digit."""
    return tuple(feature for feature in FEATURES if feature.digit)


def screen_names() -> tuple[str, ...]:
    """The names of all screens."""
    return tuple(feature.name for feature in FEATURES)


def get_feature(name: str) -> Feature:
    """The feature of this name; raises ``KeyError`` for a name that is none of :func:`screen_names`."""
    for feature in FEATURES:
        if feature.name == name:
            return feature
    raise KeyError(name)


def find_feature_for_link(link: str) -> Feature | None:
    """The feature that opens ``scheme:target``, or ``None`` when none knows the scheme."""
    scheme = link.partition(":")[0]
    return next((feature for feature in FEATURES if scheme in feature.links), None)


def list_views(feature: Feature) -> tuple[Feature, ...]:
    """The screen a view belongs to with all its views, in their order; nothing for a screen without views."""
    head = get_feature(feature.parent or feature.name)
    views = tuple(view for view in FEATURES if view.parent == head.name)
    return (head, *views) if views else ()
