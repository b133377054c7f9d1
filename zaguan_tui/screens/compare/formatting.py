"""Formats the lines around the lanes: setup of the comparison, heading of a lane, prompt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from textual.content import Content

from zaguan_tui.screens.chat.answers.status_line import Figure
from zaguan_tui.screens.chat.models.lines import DOT, format_model_facts
from zaguan_tui.state.chat.message import Dialect, Message
from zaguan_tui.state.chat.parameters.summary import summarize_parameters
from zaguan_tui.state.chat.prompt_request import ModelTarget
from zaguan_tui.state.comparison.rounds import RoundProgress
from zaguan_tui.state.comparison.setup import MAX_TARGETS, MIN_TARGETS, ComparisonSetup
from zaguan_tui.state.models.entry import ModelEntry
from zaguan_tui.widgets.foreign_text import foreign_line, identifier

NO_LANES: Final = "Pick two to six models to compare: ctrl+o."
ONE_LANE: Final = "one more to compare with: ctrl+o"
SHOWN_PARAMS: Final = 4
MAX_PARAM_WIDTH: Final = 36


def format_setup(
    setup: ComparisonSetup,
    params: Mapping[str, object],
    system_prompt: str,
    progress: RoundProgress | None,
    prompts: str,
    vote: str,
) -> list[Figure]:
    """The setup of the next prompt, and the progress of the present one."""
    if not setup.lanes:
        return [Figure(Content.styled(NO_LANES, "$ink-soft"))]
    count = len(setup.lanes)
    figures = [Figure(_format_count(str(count), " model" if count == 1 else f" models of {MAX_TARGETS}"), 0)]
    if count < MIN_TARGETS:
        figures.append(Figure(Content.styled(ONE_LANE, "$ink-soft"), 1))
    if progress is not None:
        runs = progress.last - progress.first + 1
        run = progress.run - progress.first + 1
        figures.append(Figure(Content.styled(f"◌ run {run} of {runs}", "$primary"), 0))
    repeats = "1 run each" if setup.runs == 1 else f"{setup.runs} runs each"
    figures.append(Figure(Content.styled(repeats, "$ink-soft"), 2))
    if setup.blind:
        figures.append(Figure(Content.styled("◐ blind until the vote", "$warning"), 1))
    if vote:
        figures.append(Figure(Content.styled(vote, "$primary"), 1))
    if prompts:
        figures.append(Figure(Content.styled(prompts, "$ink-soft"), 2))
    parts = summarize_parameters(params)
    figures += [
        Figure(foreign_line(part, "$foreground", MAX_PARAM_WIDTH), 4) for part in parts[:SHOWN_PARAMS]
    ]
    if len(parts) > SHOWN_PARAMS:
        figures.append(Figure(Content.styled(f"{len(parts) - SHOWN_PARAMS} more", "$ink-soft"), 4))
    if system_prompt.strip():
        system = Content.assemble(
            ("system: ", "$ink-faint"), foreign_line(system_prompt.strip(), "$ink-soft", 40)
        )
        figures.append(Figure(system, 5))
    return figures


def format_lane_name(target: ModelTarget, letter: str | None, *, twice: bool, style: str) -> Content:
    """The name of a target: its letter while hidden, else the model, and the dialect where needed."""
    if letter is not None:
        return Content.styled(letter, style)
    name = identifier(target.model, style)
    if twice or target.dialect is Dialect.MESSAGES:
        name = Content.assemble(name, (f" {target.dialect.value}", "$ink-faint"))
    return name


def format_lane_head(
    name: Content, answer: Message | None, runs: int, *, chosen: bool, not_sent: Sequence[str] = ()
) -> list[Figure]:
    """The heading of an answer: vote, name, run, and the parameters that are not sent to this model."""
    figures = [Figure(Content.styled("✔ your vote", "$success"), 0)] if chosen else []
    figures.append(Figure(name, 0))
    if answer is not None and runs > 1:
        figures.append(Figure(Content.styled(f"run {answer.run} of {runs}", "$ink-soft"), 1))
    if not_sent:
        figures.append(Figure(foreign_line(f"⊘ not sent: {', '.join(not_sent)}", "$warning", 60), 2))
    return figures


def format_lane_note(entry: ModelEntry | None, *, hidden: bool) -> Content:
    """The text of a lane before its first answer."""
    if hidden:
        return Content.styled("The name is told after the vote.", "$ink-faint")
    facts = format_model_facts(entry) if entry is not None else []
    return DOT.join(facts) if facts else Content.styled("No answer yet.", "$ink-faint")


def format_prompt_line(prompts: Sequence[str]) -> Content:
    """The selected prompt on one line."""
    return foreign_line(" ".join(prompts).strip(), "$ink-strong", 400)


def _format_count(value: str, word: str) -> Content:
    return Content.assemble((value, "bold $ink-strong"), (word, "$ink-soft"))
