"""Every action there is: one row says its id, default keys, what it does and where it works.

:mod:`zaguan_tui.actions.registry` makes bindings, checks and lists of them.
"""

from __future__ import annotations

from zaguan_tui.actions import (
    answers,
    compare,
    composer,
    conversations,
    everywhere,
    parameters,
    playground,
    providers,
    realtime,
    shared,
    sheets,
    wire,
)
from zaguan_tui.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    *everywhere.ROWS,
    *shared.ROWS,
    *providers.ROWS,
    *wire.PANE,
    *playground.ROWS,
    *composer.ROWS,
    *answers.ROWS,
    *parameters.ROWS,
    *wire.ROWS,
    *conversations.ROWS,
    *compare.ROWS,
    *realtime.ROWS,
    *sheets.ROWS,
)
