"""The actions on whole conversations: fork, rename, export, import, delete."""

from __future__ import annotations

from zaguan_tui.action import Action

ROWS: tuple[Action, ...] = ()
