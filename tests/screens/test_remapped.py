"""A person's own keys: they do what they were given for, and palette and help name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from screens.stage import Stage, staged
from zaguan_tui.actions.registry import check_keymap, complete_keymap
from zaguan_tui.app.palette import ActionCommands
from zaguan_tui.screens.modals.help import HelpScreen
from zaguan_tui.widgets.livetable import LiveTable


def remap(play: Stage, keymap: Mapping[str, str]) -> None:
    assert check_keymap(keymap) == []
    play.app.options = replace(play.app.options, keymap=keymap)
    play.app.set_keymap(complete_keymap(keymap))


async def test_the_palette_names_a_persons_own_keys() -> None:
    async with staged("providers") as play:
        remap(play, {"providers.sort": "o", "app.help": "f1,!", "room.jobs": "ctrl+f6"})
        provider = ActionCommands(play.screen)
        await provider.startup()
        told = {command.title: command.help for command in provider._commands}
        assert told["Sort"] == "Sort by the next column.  o"
        assert told["Help"] == "Say what the keys do here.  f1  !"
        assert told["Go to Jobs"] == "ctrl+f6"
        assert told["Filter"] == "Filter the table; p95:- finds unknown values.  /"


async def test_a_widgets_keys_can_be_remapped_and_help_names_them() -> None:
    async with staged("providers") as play:
        remap(play, {"table.down": "n", "help.close": "x"})
        table = play.screen.query_one(LiveTable)
        await play.press("g")
        await play.press("j")
        assert table.cursor_row == 0
        await play.press("n")
        assert table.cursor_row == 1
        await play.press("question_mark")
        assert isinstance(play.screen, HelpScreen)
        rows = {text: keys for _, lines in play.screen._lines for keys, text in lines}
        assert rows["Go to the next row."] == "n"
        await play.press("x")
        assert not isinstance(play.screen, HelpScreen)


async def test_a_remapped_stop_leaves_escape_to_leave_the_prompt() -> None:
    async with staged("playground") as play:
        play.screen.query_one("#prompt").focus()
        remap(play, {"playground.stop": "ctrl+x"})
        await play.press("escape")
        assert play.screen.focused is None or play.screen.focused.id != "prompt"
