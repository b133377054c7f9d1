"""The actions of the composer: attaching, the editor, the library of prompts."""

from __future__ import annotations

from zaguan_tui.action import Action

ROWS: tuple[Action, ...] = ()
