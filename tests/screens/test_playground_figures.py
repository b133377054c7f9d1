"""The figures under an answer: one line at every width, nothing jumps, nothing stands there twice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from state.scripted_chat import Pause

from screens.playground_scene import playing, well
from zaguan_tui.client.errors.exceptions import APIError, ErrorKind, TransportError, TransportReason
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import TextDelta
from zaguan_tui.client.streaming.timings import Timings
from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.screens.chat.answers.endings import answer_next_step
from zaguan_tui.screens.chat.answers.markdown_parts import LONGEST_PLAIN, plain
from zaguan_tui.screens.chat.answers.meter_line import ended_figures, format_problems, live_figures
from zaguan_tui.screens.chat.answers.status_line import fit_figures
from zaguan_tui.state.chat.message import Message, Role
from zaguan_tui.state.chat.stream_meter import MeterReading
from zaguan_tui.state.chat.turn_ending import CUT_SHORT, TOO_LARGE
from zaguan_tui.state.core.store import Problem

LIVE = MeterReading(
    elapsed_s=2.06, ttft_s=0.412, tokens_per_s=87.3, tokens_out=88, chunks=12, since_last_s=0.1
)
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def answer(ending: Ending = Ending.FINISHED, **more: Any) -> Message:
    given: dict[str, Any] = {
        "usage": Usage(
            prompt_tokens=12,
            completion_tokens=88,
            total_tokens=100,
            cached_tokens=4,
            reasoning_tokens=7,
            cost=0.5,
        ),
        "timings": Timings(ttft_s=0.409, duration_s=2.1, tokens_per_s=43.9),
        "request_id": "20d8a01c-9f4e",
    }
    return Message("m", Role.ASSISTANT, "a" * 352, NOW, ending=ending, **(given | more))


@pytest.mark.parametrize("width", range(20, 200, 7))
@pytest.mark.parametrize("ending", list(Ending))
def test_it_is_one_line_at_every_width(width: int, ending: Ending) -> None:
    for figures in (live_figures(LIVE), live_figures(MeterReading()), ended_figures(answer(ending))):
        line = fit_figures(figures, width)
        assert line.cell_length <= width
        assert line.plain.startswith(figures[0].content.plain.rstrip()[: width - 1])


def test_figures_have_the_same_places_before_the_first_token_while_it_comes_and_after() -> None:
    lines = [
        fit_figures(figures, 200).plain
        for figures in (
            live_figures(MeterReading(elapsed_s=0.3)),
            live_figures(LIVE),
            ended_figures(answer(), LIVE.ttft_s),
        )
    ]
    for word in ("first token", " out"):
        assert len({line.index(word) for line in lines}) == 1, lines
    separators = [[at for at, letter in enumerate(line) if letter == "·"][:5] for line in lines]
    assert separators[0] == separators[1] == separators[2], lines
    assert "first token 412 ms" in lines[1]
    assert "first token 412 ms" in lines[2], "what was shown stays"


def test_on_a_small_terminal_what_matters_least_gives_way_first() -> None:
    figures = ended_figures(answer())
    shown = [fit_figures(figures, width).plain for width in (140, 100, 72, 52, 30)]
    assert [("req " in line, " in" in line, "2.10 s" in line, " out" in line) for line in shown] == [
        (True, True, True, True),
        (False, True, True, True),
        (False, False, True, True),
        (False, False, False, True),
        (False, False, False, True),
    ], shown


def test_a_stopped_answer_keeps_our_count() -> None:
    line = fit_figures(ended_figures(answer(Ending.CANCELLED, usage=None)), 120).plain
    assert "~88 out" in line
    assert " in" not in line


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ("It is tried again by itself; check the network.", "Check the network."),
        ("Correct the port; it is tried again by itself.", "Correct the port."),
        ("Wait that long; polls wait by themselves.", ""),
        ("It is tried again by itself.", ""),
        ("", ""),
        ("Top up, or choose a cheaper model.", "Top up, or choose a cheaper model."),
    ],
)
def test_nothing_asks_again_but_the_person(step: str, sentence: str) -> None:
    assert answer_next_step(step) == sentence


async def test_a_failed_answer_says_the_next_step_and_its_request_once() -> None:
    refused = TransportError("refused", reason=TransportReason.REFUSED)
    failed = APIError("No.", status=500, kind=ErrorKind.SERVER, request_id="20d8a01c-9f4e")
    async with playing([refused], [failed]) as (scene, _):
        await scene.ask("one")
        assert "tried again" not in scene.text
        assert "ctrl+g asks again" in " ".join(scene.text.split())
        await scene.write("")
        await scene.ask("two")
        assert scene.text.count("20d8a01c") == 1
        assert "20d8a01c-9f4e" in scene.text


async def test_at_eighty_columns_the_line_stays_one_line() -> None:
    script = [TextDelta("word " * 40), Pause(1), TextDelta("word " * 40), Pause(9)]
    async with playing(script, well(), size=(80, 24)) as (scene, play):
        await scene.send("go")
        for _ in range(12):
            await play.clock.advance(0.25)
            await scene.pilot.pause()
            assert scene.answer.query_one(".foot").size.height == 1
        assert "silent for" in scene.text
        await scene.press("escape")
        await scene.over()
        assert "■ stopped by you" in scene.text
        assert scene.answer.query_one(".foot").size.height == 1


@pytest.mark.parametrize(
    ("problem", "words"),
    [(CUT_SHORT, "The connection ended before the answer did"), (TOO_LARGE, TOO_LARGE.sentence)],
)
def test_an_answer_over_the_limit_is_not_blamed_on_the_connection(problem: Problem, words: str) -> None:
    shown = format_problems(answer(Ending.TRUNCATED, problem=problem))
    assert shown is not None
    assert shown.plain.startswith(words.rstrip("."))


def test_a_plain_part_lays_out_a_bounded_text_and_says_what_is_left_out() -> None:
    content = plain("x" * (LONGEST_PLAIN + 990_000))
    assert len(content) < LONGEST_PLAIN + 100
    assert "990,000 more characters" in content.plain
