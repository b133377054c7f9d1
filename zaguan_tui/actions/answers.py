"""The actions on an answer: continue, copy code, receipt, answer as the tool, both dialects."""

from __future__ import annotations

from zaguan_tui.action import Action


def _room(name: str, act: str, keys: str, title: str, help_: str) -> Action:
    return Action(f"answer.{name}", act, keys, title, help_, "playground", shown=False)


def _both(name: str, act: str, keys: str, title: str, help_: str, *, shown: bool = True) -> Action:
    return Action(f"both.{name}", act, keys, title, help_, "both", shown=shown)


def _receipt(name: str, act: str, keys: str, title: str, help_: str, *, shown: bool = True) -> Action:
    return Action(f"receipt.{name}", act, keys, title, help_, "receipt", shown=shown)


ROWS: tuple[Action, ...] = (
    _room(
        "continue",
        "continue_answer",
        "n,alt+n",
        "Continue",
        "Ask for the rest of an answer that was cut short.",
    ),
    _room(
        "tool",
        "answer_tools",
        "t,alt+t",
        "Answer as the tool",
        "Write what the tools give that the answer wants called.",
    ),
    _room("copy_code", "copy_code", "Y", "Copy code", "Copy a code block of the focused answer."),
    _room(
        "save_image", "save_image", "alt+i", "Save image", "Save an image of the focused answer to a file."
    ),
    _room(
        "receipt",
        "show_receipt",
        "dollar_sign,alt+m",
        "Receipt",
        "Show what the focused answer cost: estimate, usage, the ledger's row.",
    ),
    _room(
        "both",
        "send_both",
        "b,alt+s,alt+b",
        "Both dialects",
        "Send the prompt (or the last question) as chat and as messages, and compare the answers.",
    ),
    Action(
        "tool_answer.cancel",
        "dismiss(None)",
        "escape",
        "Later",
        "Close; what was written is kept.",
        "tool_answer",
        priority=True,
    ),
    Action(
        "tool_answer.send",
        "send",
        "ctrl+s,f2",
        "Send",
        "Send these results to the model.",
        "tool_answer",
        priority=True,
    ),
    _receipt("close", "dismiss", "escape,q,dollar_sign", "Close", "Close the receipt."),
    _receipt("copy", "copy", "y", "Copy", "Copy the receipt as JSON."),
    _receipt("again", "look_again", "r", "Ask the ledger", "Look for the ledger's row once more."),
    _receipt("down", "scroll(1)", "j,down", "Down", "Scroll down.", shown=False),
    _receipt("up", "scroll(-1)", "k,up", "Up", "Scroll up.", shown=False),
    _both("close", "leave", "escape,q", "Back", "Go back to the conversation; running answers go on."),
    _both("stop", "stop", "x", "Stop", "Stop both answers; what came is kept."),
    _both("again", "again", "ctrl+g", "Again", "Ask both once more."),
    _both("copy", "copy", "y", "Copy", "Copy the differences as text."),
    _both("reasoning", "toggle_reasoning", "ctrl+e", "Reasoning", "Fold or unfold the reasoning of both."),
    _both("down", "scroll(1)", "j,down", "Down", "Scroll down.", shown=False),
    _both("up", "scroll(-1)", "k,up", "Up", "Scroll up.", shown=False),
    _both("page_down", "page(1)", "pagedown,space", "Page down", "Scroll a page down.", shown=False),
    _both("page_up", "page(-1)", "pageup", "Page up", "Scroll a page up.", shown=False),
    _both("end", "follow", "G,end", "End", "Go to the end and stay there.", shown=False),
    _both("home", "top", "g,home", "Top", "Go to the top.", shown=False),
)
