"""Compare: the ranking moves with the answers, K runs have percentiles, hidden names stay hidden."""

from __future__ import annotations

from state.scripted_chat import Pause

from screens.compare_scene import CompareScene, model, open_compare
from screens.playground_scene import well
from zaguan_tui.client.errors.exceptions import APIError, ErrorKind
from zaguan_tui.client.streaming.events import TextDelta
from zaguan_tui.client.streaming.timings import Timings
from zaguan_tui.screens.compare.lanes.grid_layout import arrange_lanes, row_heights
from zaguan_tui.screens.compare.ranking.lines import render_ranking
from zaguan_tui.state.chat.message import Receipt
from zaguan_tui.state.comparison.ranking import Column, RankingRow
from zaguan_tui.state.comparison.setup import LETTERS


def order(scene: CompareScene) -> list[str]:
    """The names in the ranking, from its first line on."""
    return [line.split()[1] for line in scene.ranking.splitlines()[2:]]


def row(key: str, **figures: object) -> RankingRow:
    return RankingRow(key, planned=5, done=5, counted=5, **figures)  # type: ignore[arg-type]


async def amend(scene: CompareScene, **by_model: dict[str, object]) -> None:
    """Give the answers of the newest prompt these facts."""
    comparison = scene.screen.comparison
    for answer in comparison.turns[-1].answers:
        facts = by_model[f"m{int((answer.model or '')[-3:])}"]
        await scene.screen.app_state.conversations.amend(comparison.id or "", answer.id, **facts)
    await scene.wait_until_ended()


async def test_rows_are_ordered_by_the_chosen_figure() -> None:
    async with open_compare(well("One."), well("Two."), well("Three."), lanes=3) as (scene, _):
        await scene.ask("hello")
        await amend(
            scene,
            m0={"timings": Timings(ttft_s=0.9, tokens_per_s=90), "receipt": Receipt(debited=2.0)},
            m1={"timings": Timings(ttft_s=0.1, tokens_per_s=10), "receipt": Receipt(debited=3.0)},
            m2={"timings": Timings(ttft_s=0.5, tokens_per_s=50), "receipt": Receipt(expected=1.0)},
        )
        assert order(scene) == [model(1), model(2), model(0)]
        assert "100 ms★" in scene.ranking
        await scene.press("s")
        assert order(scene) == [model(0), model(2), model(1)], "the fastest first"
        await scene.press("s", "s")
        assert order(scene) == [model(2), model(0), model(1)], "the cheapest first"
        assert "~1★" in scene.ranking, "expected, not debited"
        assert "credits▴" in scene.ranking
        await scene.press("r", "s")
        assert "Ranked by failures." in scene.toasts, "a notice where the ranking is hidden"


async def test_runs_have_percentiles() -> None:
    runs = 4
    async with open_compare(*(well(f"Answer {n}.") for n in range(2 * runs))) as (scene, _):
        assert "p95" not in scene.ranking
        await scene.press("escape", *["plus"] * (runs - 1))
        await scene.wait_for_text("4 runs each")
        await scene.ask("hello")
        ids = [answer.id for answer in scene.screen.comparison.turns[0].answers if answer.model == model(0)]
        for number, answer in enumerate(ids, start=1):
            timings = Timings(ttft_s=number / 10, tokens_per_s=number * 10.0)
            kept = scene.screen.comparison.id or ""
            await scene.screen.app_state.conversations.amend(kept, answer, timings=timings)
        await scene.wait_until_ended()
        (line,) = [line for line in scene.ranking.splitlines() if model(0) in line]
        assert line.split()[2:][:1] == ["4/4"]
        assert "200 ms" in line
        assert "400 ms" in line
        assert "20.0" in line
        assert "10.0" in line, "the slowest pace is the bad end"


async def test_a_run_under_way_says_which() -> None:
    held = [TextDelta("x"), Pause(60), *well("y")]
    async with open_compare(well("1"), well("2"), list(held), list(held)) as (scene, play):
        await scene.press("escape", "plus")
        await scene.send("hello")
        await scene.wait_for_text("run 2 of 2")
        assert scene.ranking.count("◌1/2") == 2
        await play.advance(61)
        await scene.wait_until_ended()
        assert scene.ranking.count("2/2") == 2


async def test_all_prompts_together() -> None:
    async with open_compare(*(well(f"Answer {n}.") for n in range(4))) as (scene, _):
        await scene.ask("one")
        await scene.ask("two")
        assert scene.ranking.count("1/1") == 2
        await scene.press("o")
        assert scene.ranking.count("2/2") == 2
        await scene.press("r")
        assert "TTFT" not in scene.text
        await scene.press("r", "o")
        assert scene.ranking.count("1/1") == 2


async def test_names_are_hidden_until_the_vote() -> None:
    error = APIError("maker-1/model-001 is out", status=402, kind=ErrorKind.INSUFFICIENT_CREDITS)
    async with open_compare(well("One."), [error], well("Three."), lanes=3) as (scene, play):
        await scene.press("escape", "B")
        await scene.wait_for_text("blind")
        await scene.send("hello")
        await scene.wait_until_ended()
        await scene.wait_for_text("vote with a–c")
        assert "model-00" not in scene.text
        assert "maker" not in scene.text
        assert sorted(order(scene)) == ["A", "B", "C"]
        assert "model-00" not in scene.toasts
        await play.clear_toasts()
        await scene.press("y", "s", "enter", "escape")
        assert "model-00" not in scene.text + scene.toasts
        winner = scene.lanes[1].key
        await scene.press("b")
        await scene.until(lambda: "You voted for B, which is" in scene.toasts)
        await play.clear_toasts()
        await scene.wait_for_text("your vote")
        for n in range(3):
            assert model(n) in scene.text
        assert "1 of 1★" in scene.ranking
        chosen = [answer for answer in scene.screen.comparison.turns[0].answers if answer.chosen]
        assert [f"chat:{answer.model}" for answer in chosen] == [winner]
        await scene.press("c")
        assert [answer.model for answer in scene.screen.comparison.turns[0].answers if answer.chosen] == [
            answer.model for answer in chosen
        ], "letters vote once; afterwards they are keys again"


async def test_the_focused_answer_gets_a_vote_that_can_change() -> None:
    async with open_compare(well("One."), well("Two.")) as (scene, _):
        await scene.ask("hello")
        await scene.press("v")
        await scene.wait_for_text("your vote")
        assert "You voted for maker-0/model-000: 1 of 1 votes." in scene.toasts
        await scene.press("l", "v")
        await scene.until(lambda: scene.screen.comparison.turns[0].answers[1].chosen)
        assert [answer.chosen for answer in scene.screen.comparison.turns[0].answers] == [False, True]


async def test_a_letter_is_a_key_again_while_no_vote_is_due() -> None:
    async with open_compare(well("One."), well("Two.")) as (scene, _):
        await scene.ask("hello")
        await scene.press("a")
        assert type(scene.app.screen).__name__ == "AlertsScreen"


async def test_showing_names_again_ends_the_hiding() -> None:
    async with open_compare(well("One."), well("Two.")) as (scene, _):
        await scene.press("escape", "B")
        await scene.ask("hello")
        assert model(0) not in scene.text
        await scene.press("alt+v")
        await scene.wait_for_text(model(0))


def test_lanes_are_arranged_by_width() -> None:
    assert arrange_lanes(3, 120).rows == (3,)
    assert arrange_lanes(4, 120).rows == (2, 2)
    assert arrange_lanes(5, 120).rows == (3, 2)
    assert arrange_lanes(5, 120).spans == (2, 2, 2, 3, 3)
    assert arrange_lanes(6, 220).rows == (6,)
    assert arrange_lanes(2, 78).rows == (2,)
    assert arrange_lanes(3, 60).rows == (1, 1, 1)
    assert row_heights(2, 27) == (14, 13)
    assert row_heights(3, 12) == (7, 7, 7)


def test_narrow_rankings_keep_what_they_are_sorted_by() -> None:
    from textual.content import Content

    rows = [row("a", ttft_p50=0.1, ttft_p95=0.2, tokens=10.0, endings=(("failed", 1),)), row("b", polls=1)]
    names = {"a": Content("A"), "b": Content("openai/a-model-with-a-very-long-name-indeed-2026")}
    for width in (40, 60, 76, 118, 198):
        for column in Column:
            lines = render_ranking(rows, names, column, width)
            assert len(lines) == 3
            assert any(arrow in lines[0].plain for arrow in "▴▾"), (width, column)
            if width >= 76:
                assert all(line.cell_length <= width for line in lines), (width, column)
    assert len(LETTERS) == 6
