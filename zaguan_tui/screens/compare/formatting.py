"""The lines round the lanes: what is compared and how, who stands in a lane, what was asked."""

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
    """How the next prompt is asked, and how far the present one is."""
    if not setup.lanes:
        return [Figure(Content.styled(NO_LANES, "$ink-soft"))]
    count = len(setup.lanes)
    figures = [Figure(_worded(str(count), " model" if count == 1 else f" models of {MAX_TARGETS}"), 0)]
    if count < MIN_TARGETS:
        figures.append(Figure(Content.styled(ONE_LANE, "$ink-soft"), 1))
    if progress is not None:
        of = progress.last - progress.first + 1
        at = progress.run - progress.first + 1
        figures.append(Figure(Content.styled(f"◌ run {at} of {of}", "$primary"), 0))
    runs = "1 run each" if setup.runs == 1 else f"{setup.runs} runs each"
    figures.append(Figure(Content.styled(runs, "$ink-soft"), 2))
    if setup.blind:
        figures.append(Figure(Content.styled("◐ blind until the vote", "$warning"), 1))
    if vote:
        figures.append(Figure(Content.styled(vote, "$primary"), 1))
    if prompts:
        figures.append(Figure(Content.styled(prompts, "$ink-soft"), 2))
    words = summarize_parameters(params)
    figures += [
        Figure(foreign_line(word, "$foreground", MAX_PARAM_WIDTH), 4) for word in words[:SHOWN_PARAMS]
    ]
    if len(words) > SHOWN_PARAMS:
        figures.append(Figure(Content.styled(f"{len(words) - SHOWN_PARAMS} more", "$ink-soft"), 4))
    if system_prompt.strip():
        system = Content.assemble(
            ("system: ", "$ink-faint"), foreign_line(system_prompt.strip(), "$ink-soft", 40)
        )
        figures.append(Figure(system, 5))
    return figures


def format_lane_name(lane: ModelTarget, letter: str | None, *, twice: bool, style: str) -> Content:
    """What a lane is called: its letter while its name is hidden, else the model, and the dialect where it
    matters."""
    if letter is not None:
        return Content.styled(letter, style)
    name = identifier(lane.model, style)
    if twice or lane.dialect is Dialect.MESSAGES:
        name = Content.assemble(name, (f" {lane.dialect.value}", "$ink-faint"))
    return name


def format_lane_head(
    name: Content, answer: Message | None, runs: int, *, chosen: bool, not_sent: Sequence[str] = ()
) -> list[Figure]:
    """The line above an answer: who, which run, whether it got the vote, and what was ``gone``: parameters
    that do not go to this model."""
    figures = [Figure(Content.styled("✔ your vote", "$success"), 0)] if chosen else []
    figures.append(Figure(name, 0))
    if answer is not None and runs > 1:
        figures.append(Figure(Content.styled(f"run {answer.run} of {runs}", "$ink-soft"), 1))
    if not_sent:
        figures.append(Figure(foreign_line(f"⊘ not sent: {', '.join(not_sent)}", "$warning", 60), 2))
    return figures


def format_lane_note(entry: ModelEntry | None, *, hidden: bool) -> Content:
    """What stands in a lane before its first answer."""
    if hidden:
        return Content.styled("The name is told after the vote.", "$ink-faint")
    facts = format_model_facts(entry) if entry is not None else []
    return DOT.join(facts) if facts else Content.styled("No answer yet.", "$ink-faint")


def format_prompt_line(prompts: Sequence[str]) -> Content:
    """The prompt that the lanes answer."""
    return foreign_line(" ".join(prompts).strip(), "$ink-strong", 400)


def _worded(value: str, word: str) -> Content:
    return Content.assemble((value, "bold $ink-strong"), (word, "$ink-soft"))
