"""The actions of the parameter form."""

from __future__ import annotations

from zaguan_tui.action import Action

ROWS: tuple[Action, ...] = ()
