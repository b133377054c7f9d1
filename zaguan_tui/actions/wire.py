"""The actions of the wire tap."""

from __future__ import annotations

from zaguan_tui.actions.action import Action


def _pane_action(name: str, act: str, keys: str, title: str, help_: str, *, shown: bool = True) -> Action:
    return Action(f"wire.{name}", act, keys, title, help_, "playground.wire", shown=shown)


def _frames_action(name: str, act: str, keys: str, title: str, help_: str, *, shown: bool = False) -> Action:
    return Action(f"wire.frames.{name}", act, keys, title, help_, "playground.wire.frames", shown=shown)


def _page_action(name: str, act: str, keys: str, title: str, help_: str) -> Action:
    return Action(f"wire.page.{name}", act, keys, title, help_, "playground.wire.page", shown=False)


def _replay_action(name: str, act: str, keys: str, title: str, help_: str) -> Action:
    return Action(f"wire.replay.{name}", act, keys, title, help_, "playground.wire.replay")


def _copy_action(name: str, act: str, keys: str, title: str, help_: str, *, shown: bool = True) -> Action:
    return Action(f"wire.copy.{name}", act, keys, title, help_, "wire_copy", shown=shown)


PANE: tuple[Action, ...] = (
    _frames_action("open", "open_frame", "enter", "Open", "Show the frame's JSON in full.", shown=True),
    _frames_action("down", "move(1)", "j,down", "Down", "Go to the next frame."),
    _frames_action("up", "move(-1)", "k,up", "Up", "Go to the frame before."),
    _frames_action("top", "first", "g,home", "Oldest", "Go to the first frame."),
    _frames_action("bottom", "newest", "G,end", "Newest", "Go to the newest frame and follow."),
    _page_action("down", "scroll_down", "j,down", "Down", "Scroll down."),
    _page_action("up", "scroll_up", "k,up", "Up", "Scroll up."),
    _page_action("top", "scroll_home", "g,home", "Top", "Scroll to the top."),
    _page_action("bottom", "scroll_end", "G,end", "Bottom", "Scroll to the end."),
    _replay_action("pause", "pause", "space", "Pause", "Pause the replay, or go on; at its end begin again."),
    _replay_action(
        "speed", "change_speed", "x", "Speed", "Play at the original rhythm, four times as fast, at once."
    ),
    _replay_action("back", "step(-1)", "comma", "Frame back", "Pause and go a frame back."),
    _replay_action("forward", "step(1)", "full_stop", "Frame on", "Pause and go a frame on."),
    _pane_action("previous", "section(-1)", "left", "Section", "Go to the section before.", shown=False),
    _pane_action("next", "section(1)", "right", "Section", "Go to the next section."),
    _pane_action(
        "replay", "replay", "r", "Replay", "Play the frames again at the rhythm in which they came."
    ),
    _pane_action(
        "copy_as", "screen.copy_as", "c", "Copy as", "Copy the request as curl, Python or TypeScript."
    ),
    _pane_action("filter", "filter", "slash", "Filter", "Filter the frames by what they are and carry."),
    _pane_action("stall", "next_stall", "S", "Next stall", "Go to the next stall."),
    _pane_action("raw", "toggle_raw", "v", "Raw", "Show frames as they came, or what they say.", shown=False),
    _pane_action(
        "save",
        "screen.save_wire",
        "s",
        "Save",
        "Write requests and frames to a file.",
        shown=False,
    ),
    _pane_action("leave", "screen.leave_wire", "escape", "Back", "Go back to the answers."),
)
"""What is heard while the tap has the keys; it comes before the keys of the room."""

ROWS: tuple[Action, ...] = (
    Action(
        "wire.toggle",
        "toggle_wire",
        "w,alt+w",
        "Wire",
        "Show what went over the wire for the focused answer: request, frames, timing.",
        "playground",
    ),
    _copy_action("close", "dismiss(None)", "escape,q", "Close", "Close without copying."),
    _copy_action("take", "take", "enter", "Copy", "Copy the highlighted snippet."),
    _copy_action("save", "save", "s", "To a file", "Write the highlighted snippet to a file."),
    _copy_action("down", "move(1)", "j", "Down", "Go to the next language.", shown=False),
    _copy_action("up", "move(-1)", "k", "Up", "Go to the language before.", shown=False),
)
