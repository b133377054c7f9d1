"""The actions of the realtime room."""

from __future__ import annotations

from zaguan_tui.action import Action

ROWS: tuple[Action, ...] = ()
