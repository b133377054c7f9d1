"""The actions of the comparing room."""

from __future__ import annotations

from zaguan_tui.actions.action import Action

LETTERS = "abcdef"


def _screen_action(
    name: str,
    act: str,
    keys: str,
    title: str,
    help_: str,
    *,
    shown: bool = False,
    priority: bool = False,
    display: str | None = None,
) -> Action:
    return Action(
        f"compare.{name}", act, keys, title, help_, "compare", shown=shown, priority=priority, display=display
    )


def _lane_action(name: str, act: str, keys: str, title: str, help_: str, *, shown: bool = False) -> Action:
    return Action(f"compare.lane.{name}", act, keys, title, help_, "compare.lane", shown=shown)


def _vote_action(letter: str) -> Action:
    help_ = f"Vote for {letter.upper()}, while its name is hidden."
    return _screen_action(
        f"vote_{letter}", f"vote_letter('{letter}')", letter, f"Vote {letter.upper()}", help_
    )


ROWS: tuple[Action, ...] = (
    _screen_action(
        "page_up", "page(-1)", "pageup", "Page up", "Scroll the focused answer a page up.", priority=True
    ),
    _screen_action(
        "page_down",
        "page(1)",
        "pagedown",
        "Page down",
        "Scroll the focused answer a page down.",
        priority=True,
    ),
    _screen_action("shrink", "shrink", "escape", "Side by side", "Show all answers again.", shown=True),
    _screen_action("stop", "stop", "escape", "Stop all", "Stop all answers; what came is kept.", shown=True),
    _screen_action("leave", "leave", "escape", "Read", "Leave the prompt for the answers.", shown=True),
    _screen_action("write", "write", "i", "Write", "Go to the prompt.", shown=True),
    _screen_action(
        "lanes",
        "pick_lanes",
        "ctrl+o",
        "Models",
        "Pick the models to compare: two to six.",
        shown=True,
        priority=True,
    ),
    *map(_vote_action, LETTERS),
    _screen_action(
        "stop_lane", "stop_lane", "x", "Stop this", "Stop the focused answer; the others go on.", shown=True
    ),
    _screen_action("vote", "vote", "v", "Vote", "Vote for the focused answer.", shown=True),
    _lane_action("enlarge", "enlarge", "enter", "Enlarge", "Show the focused answer alone.", shown=True),
    _screen_action("export", "export", "e,alt+x", "Export", "Write the comparison to files.", shown=True),
    _screen_action(
        "sort",
        "sort",
        "s",
        "Sort",
        "Rank by the next figure: first token, pace, tokens, credits, failures.",
        shown=True,
    ),
    _screen_action("ranking", "toggle_ranking", "r,alt+k", "Ranking", "Show or hide the ranking."),
    _screen_action("scope", "toggle_scope", "o", "All prompts", "Rank over all prompts, or over this one."),
    _screen_action(
        "runs", "next_runs", "alt+u", "Runs", "Ask every model 1, 3, 5, 10 or 20 times.", priority=True
    ),
    _screen_action(
        "more_runs", "change_runs(1)", "plus,equals_sign", "More runs", "Ask every model once more."
    ),
    _screen_action("fewer_runs", "change_runs(-1)", "minus", "Fewer runs", "Ask every model once less."),
    _screen_action(
        "blind",
        "toggle_blind",
        "B,alt+v",
        "Blind",
        "Hide the names of the models until the vote, or show them.",
    ),
    _screen_action(
        "dialect", "toggle_dialect", "d", "Dialect", "Ask the focused model in the other dialect."
    ),
    _screen_action("parameters", "parameters", "p,alt+p", "Parameters", "Set how all models are asked."),
    _screen_action("system", "edit_system", "ctrl+y", "System", "Edit the system prompt.", priority=True),
    _screen_action("new", "new_comparison", "ctrl+n", "New", "Start a new comparison.", priority=True),
    _screen_action(
        "history", "open_comparison", "ctrl+r", "History", "Open an earlier comparison.", priority=True
    ),
    _screen_action("again", "again", "ctrl+g", "Again", "Ask the last prompt again, as many times more."),
    _screen_action("previous_lane", "step_lane(-1)", "h,left", "Left", "Go to the answer before."),
    _screen_action("next_lane", "step_lane(1)", "l,right", "Right", "Go to the next answer."),
    _screen_action("run_before", "step_run(-1)", "comma", "Run before", "Show the run before."),
    _screen_action("run_after", "step_run(1)", "full_stop", "Run after", "Show the next run."),
    _screen_action(
        "prompt_before", "step_prompt(-1)", "K", "Prompt before", "Show the answers to the prompt before."
    ),
    _screen_action(
        "prompt_after", "step_prompt(1)", "J", "Prompt after", "Show the answers to the next prompt."
    ),
    _screen_action("copy", "copy", "y", "Copy", "Copy the focused answer."),
    _screen_action(
        "reasoning",
        "toggle_reasoning",
        "ctrl+e",
        "Reasoning",
        "Fold or unfold the reasoning of the focused answer.",
        priority=True,
    ),
    _lane_action("down", "scroll_text(1)", "j,down", "Down", "Scroll the answer down."),
    _lane_action("up", "scroll_text(-1)", "k,up", "Up", "Scroll the answer up."),
    _lane_action("home", "home", "g,home", "Beginning", "Go to the beginning of the answer."),
    _lane_action("end", "follow", "G,end", "Newest", "Go to the newest line and follow it."),
)
