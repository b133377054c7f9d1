"""The comparison: one prompt to several models at once."""

from __future__ import annotations

from functools import partial

from zaguan_tui.features.action import Action
from zaguan_tui.features.feature import Feature

_compare = partial(Action, where="compare", shown=False)
_compare_lane = partial(Action, where="compare.lane", shown=False)

LETTERS = "abcdef"


def _vote(letter: str) -> Action:
    upper = letter.upper()
    return _compare(
        f"compare.vote_{letter}",
        f"vote_letter('{letter}')",
        letter,
        f"Vote {upper}",
        f"Vote for {upper}, while its name is hidden.",
    )


_ACTIONS: tuple[Action, ...] = (
    _compare(
        "compare.page_up",
        "page(-1)",
        "pageup",
        "Page up",
        "Scroll the focused answer a page up.",
        priority=True,
    ),
    _compare(
        "compare.page_down",
        "page(1)",
        "pagedown",
        "Page down",
        "Scroll the focused answer a page down.",
        priority=True,
    ),
    _compare("compare.shrink", "shrink", "escape", "Side by side", "Show all answers again.", shown=True),
    _compare(
        "compare.stop", "stop", "escape", "Stop all", "Stop all answers; what came is kept.", shown=True
    ),
    _compare("compare.leave", "leave", "escape", "Read", "Leave the prompt for the answers.", shown=True),
    _compare("compare.write", "write", "i", "Write", "Go to the prompt.", shown=True),
    _compare(
        "compare.lanes",
        "pick_lanes",
        "ctrl+o",
        "Models",
        "Pick the models to compare: two to six.",
        shown=True,
        priority=True,
    ),
    *map(_vote, LETTERS),
    _compare(
        "compare.stop_lane",
        "stop_lane",
        "x",
        "Stop this",
        "Stop the focused answer; the others go on.",
        shown=True,
    ),
    _compare("compare.vote", "vote", "v", "Vote", "Vote for the focused answer.", shown=True),
    _compare_lane(
        "compare.lane.enlarge", "enlarge", "enter", "Enlarge", "Show the focused answer alone.", shown=True
    ),
    _compare("compare.export", "export", "e,alt+x", "Export", "Write the comparison to files.", shown=True),
    _compare(
        "compare.sort",
        "sort",
        "s",
        "Sort",
        "Rank by the next figure: first token, pace, tokens, credits, failures.",
        shown=True,
    ),
    _compare("compare.ranking", "toggle_ranking", "r,alt+k", "Ranking", "Show or hide the ranking."),
    _compare("compare.scope", "toggle_scope", "o", "All prompts", "Rank over all prompts, or over this one."),
    _compare(
        "compare.runs",
        "next_runs",
        "alt+u",
        "Runs",
        "Ask every model 1, 3, 5, 10 or 20 times.",
        priority=True,
    ),
    _compare(
        "compare.more_runs", "change_runs(1)", "plus,equals_sign", "More runs", "Ask every model once more."
    ),
    _compare("compare.fewer_runs", "change_runs(-1)", "minus", "Fewer runs", "Ask every model once less."),
    _compare(
        "compare.blind",
        "toggle_blind",
        "B,alt+v",
        "Blind",
        "Hide the names of the models until the vote, or show them.",
    ),
    _compare(
        "compare.dialect", "toggle_dialect", "d", "Dialect", "Ask the focused model in the other dialect."
    ),
    _compare("compare.parameters", "parameters", "p,alt+p", "Parameters", "Set how all models are asked."),
    _compare("compare.system", "edit_system", "ctrl+y", "System", "Edit the system prompt.", priority=True),
    _compare("compare.new", "new_comparison", "ctrl+n", "New", "Start a new comparison.", priority=True),
    _compare(
        "compare.history",
        "open_comparison",
        "ctrl+r",
        "History",
        "Open an earlier comparison.",
        priority=True,
    ),
    _compare("compare.again", "again", "ctrl+g", "Again", "Ask the last prompt again, as many times more."),
    _compare("compare.previous_lane", "step_lane(-1)", "h,left", "Left", "Go to the answer before."),
    _compare("compare.next_lane", "step_lane(1)", "l,right", "Right", "Go to the next answer."),
    _compare("compare.run_before", "step_run(-1)", "comma", "Run before", "Show the run before."),
    _compare("compare.run_after", "step_run(1)", "full_stop", "Run after", "Show the next run."),
    _compare(
        "compare.prompt_before",
        "step_prompt(-1)",
        "K",
        "Prompt before",
        "Show the answers to the prompt before.",
    ),
    _compare(
        "compare.prompt_after", "step_prompt(1)", "J", "Prompt after", "Show the answers to the next prompt."
    ),
    _compare("compare.copy", "copy", "y", "Copy", "Copy the focused answer."),
    _compare(
        "compare.reasoning",
        "toggle_reasoning",
        "ctrl+e",
        "Reasoning",
        "Fold or unfold the reasoning of the focused answer.",
        priority=True,
    ),
    _compare_lane("compare.lane.down", "scroll_text(1)", "j,down", "Down", "Scroll the answer down."),
    _compare_lane("compare.lane.up", "scroll_text(-1)", "k,up", "Up", "Scroll the answer up."),
    _compare_lane("compare.lane.home", "home", "g,home", "Beginning", "Go to the beginning of the answer."),
    _compare_lane("compare.lane.end", "follow", "G,end", "Newest", "Go to the newest line and follow it."),
)

COMPARE = Feature(
    name="compare",
    title="Compare",
    screen="zaguan_tui.screens.compare.screen:CompareScreen",
    actions=_ACTIONS,
    styles=(
        "playground.tcss",
        "parameters.tcss",
        "compare.tcss",
    ),
    help=(
        "One prompt goes to two to six models at once; ctrl+o picks them, + and - say how often each is "
        "asked. Answers stream side by side, and the ranking below moves with them: s chooses the figure "
        "it is sorted by, the star marks the best of each, p50 and p95 stand there from two runs on. "
        "Every model reads the earlier prompts with its own answers only. Escape stops all, x the focused "
        "one; the others go on. B hides the names until you vote with the letter of an answer. Everything "
        "is kept as it streams: ctrl+r opens an earlier comparison, e writes it to files. The frame says "
        "what all models in all runs would cost; a round that takes much of the balance asks first."
    ),
    parent="playground",
    keys="alt+c",
    links=("comparison",),
    watches=("zaguan_tui.state.models.catalogue:ModelsState",),
)
