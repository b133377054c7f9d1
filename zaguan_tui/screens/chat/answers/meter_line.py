"""The line under an answer, while it comes and after: how it ended, first token, pace, tokens, credits,
request id."""

from __future__ import annotations

from textual.content import Content

from zaguan_tui.client.streaming.timings import Timings
from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.screens.chat.answers.endings import answer_next_step, describe_ending, explain_ending
from zaguan_tui.screens.chat.answers.status_line import Figure
from zaguan_tui.state.chat.message import Message, Receipt
from zaguan_tui.state.chat.stream_meter import MeterReading, estimate_tokens
from zaguan_tui.state.chat.turn_ending import CUT_SHORT
from zaguan_tui.state.core.store import Problem
from zaguan_tui.text.cells import left, right
from zaguan_tui.text.format import credits as format_credits
from zaguan_tui.text.format import duration, latency, tokens, tokens_per_second
from zaguan_tui.widgets.foreign_text import foreign, foreign_line, identifier

SILENT_AFTER_S = 2.0
STALLED_AFTER_S = 10.0
STATE_CELLS, FIRST_CELLS, PACE_CELLS, TOKENS_CELLS, TIME_CELLS = 11, 6, 11, 6, 6

# What gives way first on a narrow terminal has the highest rank.
STATE, OUT, FIRST, PACE, COST, RETRIES, TIME, IN, CACHED, REASONING, EXTRA, REQUEST, HINT = range(13)

UNEXPECTED_COST_SHARE = 0.2
"""From this share on a difference from the expected debit is marked."""

MIN_UNEXPECTED_CREDITS = 1.0
"""So many credits are rounding."""


def live_figures(meter: MeterReading) -> list[Figure]:
    """While the answer comes. Every figure has the place it keeps, however it grows, and at the end."""
    state = "◌ waiting" if meter.ttft_s is None else "◌ streaming"
    figures = [Figure(Content.styled(left(state, STATE_CELLS), "$primary"), STATE)]
    figures += _figures(
        meter.ttft_s, meter.tokens_per_s, meter.tokens_out, meter.elapsed_s, estimated=meter.estimated
    )
    silent = meter.since_last_s
    if silent is not None and silent >= SILENT_AFTER_S:
        color = "$warning" if silent >= STALLED_AFTER_S else "$ink-soft"
        figures.append(Figure(Content.styled(f"silent for {duration(silent)}", color), OUT))
    else:
        figures.append(Figure(Content.styled("esc stops", "$ink-faint"), HINT))
    return figures


def ended_figures(message: Message, ttft_s: float | None = None) -> list[Figure]:
    """When it is over: how it ended, then the figures in the places they had.

    ``ttft_s`` is the time to the first token as it was shown meanwhile. What the server did not count is
    estimated, and says so.
    """
    words = describe_ending(message)
    figures = []
    if words:
        state = left(f"{words.shape} {words.word}", max(STATE_CELLS, len(words.word) + 2))
        figures.append(Figure(Content.styled(state, f"${words.color}"), STATE))
    timings, usage = message.timings or Timings(), message.usage or Usage()
    first = timings.ttft_s if ttft_s is None else ttft_s
    counted = usage.completion_tokens
    out = round(estimate_tokens(message.text + message.reasoning)) if counted is None else counted
    if first is not None or out:
        pace, took = timings.tokens_per_s, timings.duration_s
        figures += _figures(first, pace, out, took, estimated=counted is None)
    if (cost := format_cost(message.receipt)) is not None:
        figures.append(Figure(cost, COST))
    if (retries := message.attempts - 1) > 0:
        word = "retry" if retries == 1 else "retries"
        figures.append(Figure(Content.styled(f"{retries} {word}", "$warning"), RETRIES))
    figures += _usage(usage)
    if message.request_id is not None and not _names_request(message.problem):
        request = Content.assemble(("req ", "$ink-faint"), identifier(message.request_id[:8], "$ink-soft"))
        figures.append(Figure(request, REQUEST))
    return figures


def format_problems(message: Message, steps: Content | None = None) -> Content | None:
    """What went wrong and what to do, and what was odd on the wire; ``None`` when nothing was.

    ``steps`` are the ways on, as keys.
    """
    problem, meaning = message.problem, explain_ending(message)
    first: Content | None = None
    if meaning and (problem is None or problem.kind == CUT_SHORT.kind):
        first = Content.styled(meaning, "$ink-soft")
    elif problem is not None:
        first = format_problem(problem, text_kept=not message.empty)
    lines = [first] if first is not None else []
    lines += [foreign_line(f"On the wire: {note}.", "$ink-faint") for note in message.notes]
    if lines and steps:
        place = 0 if first is not None else -1
        lines[place] = Content("  ").join([lines[place], steps])
    return Content("\n").join(lines) if lines else None


def format_cost(receipt: Receipt | None) -> Content | None:
    """The credits the ledger took, or with a ~ what they should be; ``None`` where neither is known."""
    if receipt is None:
        return None
    if receipt.debited is not None:
        mark = ("▲ ", "$warning") if is_unexpected_cost(receipt.debited, receipt.expected) else ("", "")
        return Content.assemble(mark, _credited(receipt.debited))
    if receipt.expected is not None:
        return _credited(_rounded(receipt.expected), about="~")
    return None


def _credited(amount: float, about: str = "") -> Content:
    return _worded(about + format_credits(amount), " credit" if amount == 1 else " credits")


def is_unexpected_cost(debited: float | None, expected: float | None) -> bool:
    """Whether a debit differs from the expected one by more than a fifth, and by more than rounding."""
    if debited is None or expected is None:
        return False
    away = abs(debited - expected)
    return away > MIN_UNEXPECTED_CREDITS and away > UNEXPECTED_COST_SHARE * max(expected, 0.0)


def _rounded(amount: float) -> float:
    """An estimate of ten credits or more without its decimals."""
    return float(round(amount)) if abs(amount) >= _EXACT_BELOW else amount


_EXACT_BELOW = 10


def format_problem(problem: Problem, *, text_kept: bool = False) -> Content:
    """Sentence, next step and request id; with ``text_kept`` also that the text so far is kept."""
    parts = [foreign(problem.sentence, "$foreground")]
    if text_kept:
        parts.append(Content.styled("What came is kept.", "$foreground"))
    if step := answer_next_step(problem.next_step):
        parts.append(foreign(step, "$ink-soft"))
    if problem.request_id:
        parts.append(
            Content.assemble(("request ", "$ink-faint"), identifier(problem.request_id, "$ink-soft"))
        )
    return Content(" ").join(part for part in parts if part)


def _names_request(problem: Problem | None) -> bool:
    """Whether the line of the problem names the request in full already."""
    return problem is not None and bool(problem.request_id)


def _figures(
    first: float | None, pace: float | None, out: int, took: float | None, *, estimated: bool
) -> list[Figure]:
    """Time to first token, pace, tokens, duration: each in a column of its own."""
    about = "~" if estimated else ""
    paced = "" if pace is None else about
    return [
        Figure(_labelled("first token ", right(latency(first), FIRST_CELLS)), FIRST),
        Figure(Content.styled(right(paced + tokens_per_second(pace), PACE_CELLS), "$foreground"), PACE),
        Figure(_worded(right(about + tokens(out), TOKENS_CELLS), " out"), OUT),
        Figure(Content.styled(right(latency(took), TIME_CELLS), "$foreground"), TIME),
    ]


def _usage(usage: Usage) -> list[Figure]:
    """The counts of the server, as far as it sent them."""
    counts = [
        (usage.prompt_tokens, " in", IN),
        (usage.cached_tokens, " cached", CACHED),
        (usage.reasoning_tokens, " reasoning", REASONING),
    ]
    figures = [Figure(_worded(tokens(count), word), rank) for count, word, rank in counts if count]
    if usage.cost is not None:
        figures.append(Figure(foreign_line(f"cost {usage.cost:g}", "$ink-soft"), EXTRA))
    return figures


def _labelled(label: str, value: str) -> Content:
    return Content.assemble((label, "$ink-faint"), (value, "$foreground"))


def _worded(value: str, word: str) -> Content:
    return Content.assemble((value, "$foreground"), (word, "$ink-faint"))
