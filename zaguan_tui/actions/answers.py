"""The actions on an answer: continue, copy code, receipt, answer as the tool, both dialects."""

from __future__ import annotations

from zaguan_tui.actions.action import Action


def _screen_action(name: str, act: str, keys: str, title: str, help_: str) -> Action:
    return Action(f"answer.{name}", act, keys, title, help_, "playground", shown=False)


def _both_action(name: str, act: str, keys: str, title: str, help_: str, *, shown: bool = True) -> Action:
    return Action(f"both.{name}", act, keys, title, help_, "both", shown=shown)


def _receipt_action(name: str, act: str, keys: str, title: str, help_: str, *, shown: bool = True) -> Action:
    return Action(f"receipt.{name}", act, keys, title, help_, "receipt", shown=shown)


ROWS: tuple[Action, ...] = (
    _screen_action(
        "continue",
        "continue_answer",
        "n,alt+n",
        "Continue",
        "Ask for the rest of an answer that was cut short.",
    ),
    _screen_action(
        "tool",
        "answer_tools",
        "t,alt+t",
        "Answer as the tool",
        "Write what the tools give that the answer wants called.",
    ),
    _screen_action("copy_code", "copy_code", "Y", "Copy code", "Copy a code block of the focused answer."),
    _screen_action(
        "save_image", "save_image", "alt+i", "Save image", "Save an image of the focused answer to a file."
    ),
    _screen_action(
        "receipt",
        "show_receipt",
        "dollar_sign,alt+m",
        "Receipt",
        "Show what the focused answer cost: estimate, usage, the ledger's row.",
    ),
    _screen_action(
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
    _receipt_action("close", "dismiss", "escape,q,dollar_sign", "Close", "Close the receipt."),
    _receipt_action("copy", "copy", "y", "Copy", "Copy the receipt as JSON."),
    _receipt_action("again", "look_again", "r", "Ask the ledger", "Look for the ledger's row once more."),
    _receipt_action("down", "scroll(1)", "j,down", "Down", "Scroll down.", shown=False),
    _receipt_action("up", "scroll(-1)", "k,up", "Up", "Scroll up.", shown=False),
    _both_action("close", "leave", "escape,q", "Back", "Go back to the conversation; running answers go on."),
    _both_action("stop", "stop", "x", "Stop", "Stop both answers; what came is kept."),
    _both_action("again", "again", "ctrl+g", "Again", "Ask both once more."),
    _both_action("copy", "copy", "y", "Copy", "Copy the differences as text."),
    _both_action(
        "reasoning", "toggle_reasoning", "ctrl+e", "Reasoning", "Fold or unfold the reasoning of both."
    ),
    _both_action("down", "scroll(1)", "j,down", "Down", "Scroll down.", shown=False),
    _both_action("up", "scroll(-1)", "k,up", "Up", "Scroll up.", shown=False),
    _both_action("page_down", "page(1)", "pagedown,space", "Page down", "Scroll a page down.", shown=False),
    _both_action("page_up", "page(-1)", "pageup", "Page up", "Scroll a page up.", shown=False),
    _both_action("end", "follow", "G,end", "End", "Go to the end and stay there.", shown=False),
    _both_action("home", "top", "g,home", "Top", "Go to the top.", shown=False),
)
