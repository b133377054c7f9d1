"""Actions of the playground and of its sheets: receipt, tool results, history, import …."""

from __future__ import annotations

from functools import partial

from zaguan_tui.features.action import Action

_playground = partial(Action, where="playground", shown=False)
_tool_answer = partial(Action, where="tool_answer", priority=True)
_receipt = partial(Action, where="receipt")
_both = partial(Action, where="both", shown=False)
_history = partial(Action, where="history", shown=False, priority=True)
_export = partial(Action, where="export")
_import = partial(Action, where="import", shown=False, priority=True)

ACTIONS: tuple[Action, ...] = (
    _playground("transcript.page_up", "page(-1)", "pageup", "Page up", "Scroll a page up.", priority=True),
    _playground(
        "transcript.page_down", "page(1)", "pagedown", "Page down", "Scroll a page down.", priority=True
    ),
    _playground(
        "playground.stop", "stop", "escape", "Stop", "Stop the answer; what came is kept.", shown=True
    ),
    _playground(
        "playground.leave",
        "leave",
        "escape",
        "Read",
        "Leave the prompt: digits go to rooms, j and k scroll, y copies.",
        shown=True,
    ),
    _playground("playground.write", "write", "i", "Write", "Go to the prompt."),
    _playground(
        "playground.model", "pick_model", "ctrl+o", "Model", "Pick a model.", shown=True, priority=True
    ),
    _playground(
        "playground.system",
        "edit_system",
        "ctrl+y",
        "System",
        "Edit the system prompt.",
        shown=True,
        priority=True,
    ),
    _playground(
        "playground.new",
        "new_conversation",
        "ctrl+n",
        "New",
        "Start a new conversation.",
        shown=True,
        priority=True,
    ),
    _playground(
        "playground.history",
        "open_conversation",
        "ctrl+r",
        "History",
        "Find a conversation by title or by what was said; open, rename, delete, export it.",
        priority=True,
    ),
    _playground(
        "playground.reasoning",
        "toggle_reasoning",
        "ctrl+e",
        "Reasoning",
        "Fold or unfold the reasoning and the long tool calls of the newest answer.",
        priority=True,
    ),
    _playground("playground.copy", "copy", "y", "Copy", "Copy the focused answer.", shown=True),
    _playground(
        "playground.retry",
        "retry",
        "ctrl+g",
        "Again",
        "Ask the question of the focused (or newest) answer again.",
    ),
    _playground(
        "composer.attach",
        "attach",
        "alt+a",
        "Attach",
        "Attach a picture or a text file to the prompt; @ in the prompt does too.",
        priority=True,
    ),
    _playground(
        "composer.detach",
        "detach",
        "backspace",
        "Detach",
        "Take the last attached file away; in the prompt, when it is empty.",
    ),
    _playground(
        "composer.editor",
        "edit_outside",
        "alt+e",
        "Editor",
        "Write the prompt in the editor of $VISUAL or $EDITOR.",
        priority=True,
    ),
    _playground(
        "composer.library",
        "library",
        "l,alt+l",
        "Library",
        "Take a prompt or a system prompt from the library, or keep the present one there.",
    ),
    _playground(
        "answer.continue",
        "continue_answer",
        "n,alt+n",
        "Continue",
        "Ask for the rest of an answer that was cut short.",
    ),
    _playground(
        "answer.tool",
        "answer_tools",
        "t,alt+t",
        "Answer as the tool",
        "Write what the tools give that the answer wants called.",
    ),
    _playground(
        "answer.copy_code", "copy_code", "Y", "Copy code", "Copy a code block of the focused answer."
    ),
    _playground(
        "answer.save_image",
        "save_image",
        "alt+i",
        "Save image",
        "Save an image of the focused answer to a file.",
    ),
    _playground(
        "answer.receipt",
        "show_receipt",
        "dollar_sign,alt+m",
        "Receipt",
        "Show what the focused answer cost: estimate, usage, the ledger's row.",
    ),
    _playground(
        "answer.both",
        "send_both",
        "b,alt+s,alt+b",
        "Both dialects",
        "Send the prompt (or the last question) as chat and as messages, and compare the answers.",
    ),
    _tool_answer(
        "tool_answer.cancel", "dismiss(None)", "escape", "Later", "Close; what was written is kept."
    ),
    _tool_answer("tool_answer.send", "send", "ctrl+s,f2", "Send", "Send these results to the model."),
    _receipt("receipt.close", "dismiss", "escape,q,dollar_sign", "Close", "Close the receipt."),
    _receipt("receipt.copy", "copy", "y", "Copy", "Copy the receipt as JSON."),
    _receipt("receipt.again", "look_again", "r", "Ask the ledger", "Look for the ledger's row once more."),
    _receipt("receipt.down", "scroll(1)", "j,down", "Down", "Scroll down.", shown=False),
    _receipt("receipt.up", "scroll(-1)", "k,up", "Up", "Scroll up.", shown=False),
    _both(
        "both.close",
        "leave",
        "escape,q",
        "Back",
        "Go back to the conversation; running answers go on.",
        shown=True,
    ),
    _both("both.stop", "stop", "x", "Stop", "Stop both answers; what came is kept.", shown=True),
    _both("both.again", "again", "ctrl+g", "Again", "Ask both once more.", shown=True),
    _both("both.copy", "copy", "y", "Copy", "Copy the differences as text.", shown=True),
    _both(
        "both.reasoning",
        "toggle_reasoning",
        "ctrl+e",
        "Reasoning",
        "Fold or unfold the reasoning of both.",
        shown=True,
    ),
    _both("both.down", "scroll(1)", "j,down", "Down", "Scroll down."),
    _both("both.up", "scroll(-1)", "k,up", "Up", "Scroll up."),
    _both("both.page_down", "page(1)", "pagedown,space", "Page down", "Scroll a page down."),
    _both("both.page_up", "page(-1)", "pageup", "Page up", "Scroll a page up."),
    _both("both.end", "follow", "G,end", "End", "Go to the end and stay there."),
    _both("both.home", "top", "g,home", "Top", "Go to the top."),
    _playground(
        "tuning.parameters",
        "parameters",
        "p,alt+p",
        "Parameters",
        "Set the parameters, the tools and the format of the next answers.",
        shown=True,
        display="alt+p",
    ),
    _playground(
        "tuning.dialect",
        "toggle_dialect",
        "d,alt+d",
        "Dialect",
        "Put prompts in the other dialect: OpenAI's chat, or Anthropic's messages.",
    ),
    _playground(
        "wire.toggle",
        "toggle_wire",
        "w,alt+w",
        "Wire",
        "Show what went over the wire for the focused answer: request, frames, timing.",
        shown=True,
    ),
    _playground(
        "conversation.fork", "fork", "f", "Fork", "Go on in a new conversation, from the focused answer."
    ),
    _playground(
        "conversation.edit",
        "edit_prompt",
        "E",
        "Edit and resend",
        "Write the prompt of the focused answer anew, in a new conversation up to there.",
    ),
    _playground("conversation.rename", "rename", "T", "Rename", "Give this conversation another title."),
    _playground(
        "conversation.export", "export", "e,alt+x", "Export", "Write this conversation as Markdown or JSON."
    ),
    _playground(
        "conversation.import", "import", "I", "Import", "Take in conversations from a file or from JSON."
    ),
    _playground(
        "conversation.undo", "undo_delete", "u,alt+u", "Undo", "Bring back the conversation deleted last."
    ),
    _playground(
        "conversation.earlier_answer",
        "choose_answer(-1)",
        "left",
        "Answer before",
        "Let the answer before count, of several to one prompt.",
    ),
    _playground(
        "conversation.later_answer",
        "choose_answer(1)",
        "right",
        "Answer after",
        "Let the answer after count, of several to one prompt.",
    ),
    _history(
        "history.close",
        "dismiss(None)",
        "escape",
        "Close",
        "Close without opening.",
        shown=True,
        priority=False,
    ),
    _history("history.rename", "rename", "alt+t", "Rename", "Give the conversation another title."),
    _history("history.delete", "delete", "alt+d", "Delete", "Delete the conversation; undo brings it back."),
    _history("history.undo", "undo", "alt+u", "Undo", "Bring back the conversation deleted last."),
    _history("history.export", "export", "alt+x", "Export", "Write the conversation as Markdown or JSON."),
    _history("history.down", "move(1)", "down", "Down", "Go down."),
    _history("history.up", "move(-1)", "up", "Up", "Go up."),
    _history("history.page_down", "move(10)", "pagedown", "Page down", "Go ten lines down."),
    _history("history.page_up", "move(-10)", "pageup", "Page up", "Go ten lines up."),
    _export("export.close", "dismiss(None)", "escape", "Close", "Close without writing."),
    _export(
        "export.form", "other_form", "alt+o", "Other form", "Markdown or JSON.", shown=False, priority=True
    ),
    _import("import.close", "dismiss(None)", "escape", "Close", "Close without importing."),
    _import("import.enter", "enter", "enter", "Take in", "Take in the file of this path."),
    _import("import.take", "take", "ctrl+s,f2", "Import", "Take in what was written or pasted."),
)
