"""The actions on an answer: continue, copy code, receipt, answer as the tool, both dialects."""

from __future__ import annotations

from zaguan_tui.action import Action

ROWS: tuple[Action, ...] = ()
