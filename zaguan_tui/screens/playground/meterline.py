"""The line under an answer, while it comes and after: how it ended, first token, pace, tokens, request id."""

from __future__ import annotations

from textual.content import Content

from zaguan_tui.screens.playground.endings import ending_words
from zaguan_tui.state.message import Message, TokenUsage
from zaguan_tui.state.meter import Meter
from zaguan_tui.state.store import Problem
from zaguan_tui.text.cells import right
from zaguan_tui.text.format import duration, latency, tokens, tokens_per_second
from zaguan_tui.widgets.content import foreign, foreign_line, identifier

GAP = Content.styled(" · ", "$ink-faint")
SILENT_AFTER_S = 2.0
STALLED_AFTER_S = 10.0
DURATION_CELLS, PACE_CELLS, TOKENS_CELLS = 7, 11, 6


def live_line(meter: Meter) -> Content:
    """While the answer comes. Every figure keeps its place, however it grows."""
    begun = meter.ttft_s is not None
    parts = [
        Content.styled("◌ streaming" if begun else "◌ waiting  ", "$primary"),
        Content.styled(right(latency(meter.elapsed_s), DURATION_CELLS), "$foreground"),
    ]
    if begun:
        about = "~" if meter.estimated else ""
        parts += [
            _figure("first token", latency(meter.ttft_s)),
            Content.styled(right(about + tokens_per_second(meter.tokens_per_s), PACE_CELLS), "$foreground"),
            Content.assemble(
                (right(about + tokens(meter.tokens_out), TOKENS_CELLS), "$foreground"), (" out", "$ink-faint")
            ),
        ]
    silent = meter.since_last_s
    if silent is not None and silent >= SILENT_AFTER_S:
        color = "$warning" if silent >= STALLED_AFTER_S else "$ink-soft"
        parts.append(Content.styled(f"silent for {duration(silent)}", color))
    else:
        parts.append(Content.styled("esc stops", "$ink-faint"))
    return GAP.join(parts)


def ended_line(message: Message) -> Content:
    """When it is over: how it ended first, then the figures."""
    words = ending_words(message)
    parts = [Content.styled(f"{words.shape} {words.word}", f"${words.color}")] if words else []
    timings = message.timings
    if timings is not None and timings.ttft_s is not None:
        parts.append(_figure("first token", latency(timings.ttft_s)))
        if timings.tokens_per_s is not None:
            parts.append(Content.styled(tokens_per_second(timings.tokens_per_s), "$foreground"))
        if timings.duration_s is not None:
            parts.append(Content.styled(latency(timings.duration_s), "$foreground"))
    if message.usage is not None:
        parts.append(_usage(message.usage))
    if message.request_id is not None:
        parts.append(
            Content.assemble(("req ", "$ink-faint"), identifier(message.request_id[:8], "$ink-soft"))
        )
    return GAP.join(parts)


def trouble(message: Message) -> Content | None:
    """What went wrong and what to do, and what was odd on the wire; ``None`` when nothing was."""
    words = ending_words(message)
    lines = []
    if message.problem is not None:
        lines.append(problem_line(message.problem))
    elif words and words.meaning:
        lines.append(Content.styled(words.meaning, "$ink-soft"))
    lines += [foreign_line(f"On the wire: {note}.", "$ink-faint") for note in message.notes]
    return Content("\n").join(lines) if lines else None


def problem_line(problem: Problem) -> Content:
    """Sentence, next step, request id."""
    parts = [foreign(problem.sentence, "$foreground"), foreign(problem.next_step, "$ink-soft")]
    if problem.request_id:
        parts.append(
            Content.assemble(("request ", "$ink-faint"), identifier(problem.request_id, "$ink-soft"))
        )
    return Content(" ").join(part for part in parts if part)


def _figure(label: str, value: str) -> Content:
    return Content.assemble((f"{label} ", "$ink-faint"), (value, "$foreground"))


def _usage(usage: TokenUsage) -> Content:
    parts = [Content.assemble((tokens(usage.prompt_tokens), "$foreground"), (" in ", "$ink-faint"))]
    parts.append(Content.assemble((tokens(usage.completion_tokens), "$foreground"), (" out", "$ink-faint")))
    extra = [(usage.cached_tokens, "cached"), (usage.reasoning_tokens, "reasoning")]
    parts += [
        Content.assemble((f" {tokens(value)}", "$foreground"), (f" {word}", "$ink-faint"))
        for value, word in extra
        if value
    ]
    if usage.cost is not None:
        parts.append(foreign_line(f" cost {usage.cost:g}", "$ink-soft"))
    return Content("").join(parts)
