"""The actions of the parameter form, of what is written as JSON, and of the presets."""

from __future__ import annotations

from zaguan_tui.actions.action import Action


def _sheet_action(
    where: str, name: str, act: str, keys: str, title: str, tip: str, *, shown: bool = True
) -> Action:
    """An action that works while somebody types in the sheet."""
    return Action(f"{where}.{name}", act, keys, title, tip, where, shown=shown, priority=True)


ROWS: tuple[Action, ...] = (
    Action(
        "tuning.parameters",
        "parameters",
        "p,alt+p",
        "Parameters",
        "Set the parameters, the tools and the format of the next answers.",
        "playground",
        display="alt+p",
    ),
    Action(
        "tuning.dialect",
        "toggle_dialect",
        "d,alt+d",
        "Dialect",
        "Put prompts in the other dialect: OpenAI's chat, or Anthropic's messages.",
        "playground",
        shown=False,
    ),
    _sheet_action(
        "parameters", "cancel", "dismiss(None)", "escape", "Leave", "Close and leave all as it was."
    ),
    _sheet_action("parameters", "keep", "keep", "ctrl+s,f2", "Keep", "Keep what is set."),
    _sheet_action("parameters", "presets", "presets", "alt+p", "Presets", "Load a preset, or keep one."),
    _sheet_action(
        "parameters", "dialect", "dialect", "alt+d", "Dialect", "Put prompts in the other dialect."
    ),
    _sheet_action("parameters", "clear", "clear", "alt+k", "Clear", "Set everything to its default."),
    _sheet_action("parameters", "down", "move(1)", "down", "Down", "Go to the next parameter.", shown=False),
    _sheet_action("parameters", "up", "move(-1)", "up", "Up", "Go to the parameter before.", shown=False),
    Action(
        "parameters.next_word",
        "step(1)",
        "right,space",
        "Next",
        "Choose the next word.",
        "parameters.words",
        shown=False,
    ),
    Action(
        "parameters.last_word",
        "step(-1)",
        "left",
        "Before",
        "Choose the word before.",
        "parameters.words",
        shown=False,
    ),
    Action(
        "parameters.open",
        "open",
        "enter",
        "Open",
        "Write the JSON; on a greyed line, choose the model that can.",
        "parameters.line",
    ),
    _sheet_action(
        "json", "cancel", "dismiss(None)", "escape", "Leave", "Close and leave the text as it was."
    ),
    _sheet_action("json", "keep", "keep", "ctrl+s,f2", "Keep", "Keep the text, once it can be read."),
    _sheet_action("json", "example", "example", "alt+x", "Example", "Write a valid example."),
    _sheet_action("json", "tidy", "tidy", "alt+t", "Tidy", "Write it with line breaks and indents."),
    Action("presets.close", "dismiss(None)", "escape,q", "Close", "Close the presets.", "presets"),
    Action("presets.keep", "keep", "s", "Keep", "Keep the parameters of the form under a name.", "presets"),
    Action("presets.delete", "delete", "x,delete", "Delete", "Delete the highlighted preset.", "presets"),
    Action("presets.down", "move(1)", "j", "Down", "Go to the next preset.", "presets", shown=False),
    Action("presets.up", "move(-1)", "k", "Up", "Go to the preset before.", "presets", shown=False),
)
