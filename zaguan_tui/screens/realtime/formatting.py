"""Formats the figures of the realtime screen: session, limits, latencies, turns, problems."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from textual.content import Content

from zaguan_tui.screens.chat.answers.endings import EndingLabel
from zaguan_tui.screens.chat.answers.status_line import Figure
from zaguan_tui.state.core.store import Problem
from zaguan_tui.state.realtime.notices import LimitGauge, Phase, SessionStatus
from zaguan_tui.state.realtime.session_close import NEW_SESSION
from zaguan_tui.state.realtime.turns import LatencySpread, RealtimeTurn, TurnEnding, TurnPhase, compute_spread
from zaguan_tui.text.format import clock, compact, duration, latency, size, tokens
from zaguan_tui.widgets.foreign_text import foreign, foreign_line, identifier

GAUGE_CELLS: Final = 4

_LABELS: Final = {
    TurnEnding.FINISHED: EndingLabel("●", "finished", "success"),
    TurnEnding.TOOL_CALLS: EndingLabel("●", "wants a tool", "primary"),
    TurnEnding.LENGTH: EndingLabel("▲", "length", "warning", "The token limit cut the answer off."),
    TurnEnding.CONTENT_FILTER: EndingLabel(
        "▲", "content filter", "warning", "The provider's filter ended the answer."
    ),
    TurnEnding.TRUNCATED: EndingLabel("✖", "cut off", "error"),
    TurnEnding.ERROR_FRAME: EndingLabel("✖", "failed", "error"),
    TurnEnding.CANCELLED: EndingLabel("■", "stopped", "ink-soft"),
    TurnEnding.FAILED: EndingLabel("✖", "no answer", "error"),
}

# What gives way first on a narrow terminal has the highest rank.
TEXT, AUDIO, EVENT = range(3)
STATE, DONE, OUT, SOUND, IN, SIZE, HINT = range(7)


def format_session(status: SessionStatus, model: str | None, now: datetime) -> list[Figure]:
    """The state of the connection, model, session and voice."""
    present = status.model if status.phase in (Phase.OPEN, Phase.CONNECTING) else model
    figures = [Figure(_phase(status, now), 0)]
    if present is not None:
        figures.append(Figure(identifier(present, "bold $ink-strong"), 1))
    if status.phase is Phase.OPEN:
        if status.modalities:
            figures.append(Figure(_named("answers in ", " + ".join(status.modalities)), 2))
        if status.voice is not None and "text" not in status.modalities:
            figures.append(Figure(_named("voice ", status.voice), 3))
        if status.session_id is not None:
            figures.append(Figure(identifier(status.session_id, "$ink-soft"), 4))
        if status.expires_at is not None and (rest := (status.expires_at - now).total_seconds()) > 0:
            figures.append(Figure(_named("ends in ", duration(rest)), 5))
    return figures


def _phase(status: SessionStatus, now: datetime) -> Content:
    if status.phase is Phase.OPEN:
        duration_text = (
            "" if status.opened_at is None else f" · {duration((now - status.opened_at).total_seconds())}"
        )
        return Content.assemble(
            ("● open", "$success"), (f" since {clock(status.opened_at)}{duration_text}", "$ink-soft")
        )
    if status.phase is Phase.CONNECTING:
        return Content.styled("◌ connecting …", "$primary")
    if status.phase is Phase.IDLE:
        return Content.styled("◌ no session", "$ink-soft")
    at = Content.styled(f" at {clock(status.closed_at)}", "$ink-soft")
    if status.problem is not None:
        word = "closed" if status.opened_at is not None else "no session"
        return Content.assemble((f"✖ {word}", "$error"), at)
    return Content.assemble(("◌ closed", "$ink-strong"), at)


def format_session_end(status: SessionStatus) -> Content | None:
    """How the session ended and what to do; ``None`` while it has not."""
    if status.phase is not Phase.CLOSED:
        return None
    next_step = Content.styled(
        " ctrl+n begins a new session, which remembers nothing of this one.", "$ink-faint"
    )
    if status.problem is None:
        return Content.assemble(foreign(status.words, "$ink-soft"), next_step)
    problem = status.problem
    step = "" if problem.next_step == NEW_SESSION else f" {problem.next_step}"
    return Content.assemble(foreign(problem.sentence, "$foreground"), foreign(step, "$ink-soft"), next_step)


def format_limits(gauges: Sequence[LimitGauge], turns: Sequence[RealtimeTurn]) -> list[Figure]:
    """What is left of the limits, and the latencies of all turns so far."""
    figures = [Figure(_gauge(gauge), 2) for gauge in gauges]
    measured = (
        ("text", compute_spread(turn.times.first_text_s for turn in turns), 0),
        ("audio", compute_spread(turn.times.first_audio_s for turn in turns), 3),
        (
            "done",
            compute_spread(turn.times.done_s for turn in turns if turn.ending is TurnEnding.FINISHED),
            1,
        ),
    )
    return [
        Figure(_format_spread(word, spread), rank) for word, spread, rank in measured if spread is not None
    ] + figures


def _format_spread(word: str, spread: LatencySpread) -> Content:
    return Content.assemble(
        (f"{word} p50 ", "$ink-faint"),
        (latency(spread.p50), "$foreground"),
        (" p95 ", "$ink-faint"),
        (latency(spread.p95), "$foreground"),
        (f" n {spread.n}", "$ink-faint"),
    )


def _gauge(gauge: LimitGauge) -> Content:
    name = foreign_line(gauge.name or "limit", "$ink-faint", 12)
    remaining = f" {compact(gauge.remaining)}/{compact(gauge.limit)}"
    if not gauge.limit or gauge.remaining is None:
        return Content.assemble(name, (remaining, "$ink-soft"))
    share = min(1.0, max(0.0, gauge.remaining / gauge.limit))
    full = math.ceil(share * GAUGE_CELLS)
    color = "$error" if share < 0.05 else "$warning" if share < 0.2 else "$success"
    bar = Content.assemble(("━" * full, color), ("─" * (GAUGE_CELLS - full), "$rule"))
    return Content.assemble(name, " ", bar, (remaining, "$ink-soft"))


def format_latencies(turn: RealtimeTurn) -> list[Figure]:
    """Seconds from sending to the first event, text, call and sound of the response."""
    times = turn.times
    latencies = [("first event ", times.first_event_s, EVENT), ("text ", times.first_text_s, TEXT)]
    latencies += [("call ", times.first_call_s, TEXT), ("audio ", times.first_audio_s, AUDIO)]
    return [Figure(_timed(word, seconds), rank) for word, seconds, rank in latencies if seconds is not None]


def format_turn(turn: RealtimeTurn) -> list[Figure]:
    """State or ending of a turn, its tokens and its sound."""
    figures = [Figure(_state(turn), STATE)]
    if turn.phase is not TurnPhase.ENDED:
        figures.append(Figure(Content.styled("esc stops", "$ink-faint"), HINT))
    else:
        figures.append(Figure(_timed("done ", turn.times.done_s), DONE))
    if turn.tokens is not None:
        figures.append(Figure(_counted(turn.tokens.completion, " out"), OUT))
        figures.append(Figure(_counted(turn.tokens.prompt, " in"), IN))
    if turn.octets:
        figures += _sound(turn)
    return figures


def _state(turn: RealtimeTurn) -> Content:
    if turn.ending is not None:
        label = _LABELS[turn.ending]
        return Content.styled(f"{label.shape} {label.word}", f"${label.color}")
    word = "stopping" if turn.stopping else "waiting" if turn.phase is TurnPhase.WAITING else "answering"
    return Content.styled(f"◌ {word}", "$primary")


def _sound(turn: RealtimeTurn) -> list[Figure]:
    """Length and size of the sound; only the size where the format gives no length."""
    dropped = "" if turn.sound_kept else ", let go"
    octets = size(turn.octets)
    length = octets if turn.seconds is None else f"{turn.seconds:.1f} s"
    figures = [Figure(Content.assemble(("♪ ", "$primary"), (f"{length}{dropped}", "$foreground")), SOUND)]
    return figures if turn.seconds is None else [*figures, Figure(Content.styled(octets, "$ink-soft"), SIZE)]


def format_turn_problem(turn: RealtimeTurn) -> Content | None:
    """What went wrong with a turn and what to do; ``None`` when nothing did."""
    if turn.ending is None:
        return None
    if turn.problem is not None:
        return format_problem(turn.problem)
    meaning = _LABELS[turn.ending].meaning
    if turn.ending is TurnEnding.CANCELLED and turn.reason not in (None, "client_cancelled"):
        meaning = f"The server says why: {turn.reason}."
    return foreign(meaning, "$ink-soft") if meaning else None


def format_problem(problem: Problem) -> Content:
    """Sentence and next step."""
    return Content(" ").join(
        [foreign(problem.sentence, "$foreground"), foreign(problem.next_step, "$ink-soft")]
    )


def _timed(label: str, seconds: float | None) -> Content:
    return Content.assemble((label, "$ink-faint"), (latency(seconds), "$foreground"))


def _counted(number: int | None, word: str) -> Content:
    return Content.assemble((tokens(number), "$foreground"), (word, "$ink-faint"))


def _named(label: str, value: str) -> Content:
    return Content.assemble((label, "$ink-faint"), foreign_line(value, "$ink-soft", 24))
