"""What a gateway does wrong, in either dialect: its own sentence, the text kept, the key that helps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from screens.conftest import MakeApp
from screens.playground_scene import Scene
from zaguan_tui.client.dispatch.options import RequestOptions
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.screens.chat.answers.answer import AnswerView
from zaguan_tui.state.chat.message import Dialect
from zaguan_tui.state.chat.turn_runner import TurnRunner

SAID = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"


class Drilled:
    """The app's own client, asking the sandbox for a fault with every question, and short of patience."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.fault = ""

    @property
    def _options(self) -> RequestOptions:
        headers = {"x-sandbox-fault": self.fault} if self.fault else {}
        return RequestOptions(headers=headers, max_retries=0, timeout=0.8)

    def chat_stream(self, **call: Any) -> Any:
        return self.app.session.app_state.client_handle.required().chat_stream(**call, options=self._options)

    def messages_stream(self, **call: Any) -> Any:
        return self.app.session.app_state.client_handle.required().messages_stream(
            **call, options=self._options
        )


@dataclass
class Fault:
    """A drill of the sandbox, and what of it must stand under the answer."""

    header: str
    sentence: str
    steps: str
    kept: bool = True


FAULTS = [
    Fault(
        "cut; after=12",
        "closed the connection before the answer was whole. What came is kept.",
        "alt+n continues · ctrl+g asks again",
    ),
    Fault("stall; after=12", "began to answer and then fell silent. What came is kept.", "alt+n continues"),
    Fault(
        "error-frame; after=12",
        "sandbox, behind the gateway, failed in the middle of the answer. It says: Sandbox closed the stream "
        "before its end. What came is kept.",
        "alt+n continues · ctrl+g asks again",
    ),
    Fault("malformed; after=12", "On the wire: a frame could not be read.", "alt+w shows the frames"),
    Fault("no-done", "On the wire: no end marker.", ""),
    Fault(
        "402",
        "Not enough credits: this call needs 120, 46 are left. Wait for the reset on",
        "ctrl+o picks a cheaper model",
        kept=False,
    ),
    Fault(
        "403-band",
        "Band D needs the platinum tier; yours is pro.",
        "ctrl+o picks a model that is open",
        kept=False,
    ),
    Fault("429; after=30", "Too many requests (429); the gateway asks to wait 30 s.", "again in", kept=False),
    Fault("500", "failed (502). It says:", "ctrl+g asks again", kept=False),
    Fault("html", "A proxy before the gateway failed (502).", "ctrl+g asks again", kept=False),
]


def under(view: AnswerView) -> str:
    return " ".join(str(view.query_one(".trouble").render()).split())


async def drill(scene: Scene) -> Drilled:
    drilled, app_state = Drilled(scene.app), scene.screen.app_state
    app_state.chat.turns = TurnRunner(
        drilled, app_state.conversations, app_state.clock, app_state.client_handle.explain
    )
    return drilled


@pytest.mark.parametrize("dialect", list(Dialect))
async def test_every_fault_has_its_sentence_and_its_step(make_app: MakeApp, dialect: Dialect) -> None:
    app = make_app("playground")
    async with app.run_test(size=(120, 40)) as pilot:
        scene = Scene(app, pilot)
        await scene.choose("sandbox/echo")
        drilled = await drill(scene)
        await scene.screen.chat_session.set_dialect(dialect)
        for fault in FAULTS:
            drilled.fault = fault.header
            await scene.write("")
            view = await scene.ask(SAID)
            assert view.message.dialect is dialect
            assert fault.sentence in under(view), fault
            assert fault.steps in under(view), fault
            assert ("one two three" in view.copy_text) is fault.kept, fault
            assert scene.prompt.text == ("" if fault.kept else SAID), fault


SCENARIOS = [
    ("cuts", Ending.TRUNCATED, "closed the connection before the answer was whole"),
    ("stalls", Ending.TRUNCATED, "began to answer and then fell silent"),
    ("error-frames", Ending.ERROR_FRAME, "in the middle of the answer"),
    ("malformed-frames", Ending.FINISHED, "On the wire: "),
]


@pytest.mark.parametrize(("scenario", "ending", "sentence"), SCENARIOS)
async def test_the_scenarios_strike_in_both_dialects(
    make_app: MakeApp, scenario: str, ending: Ending, sentence: str
) -> None:
    app = make_app("playground", scenario=scenario, time_scale=4.0)
    async with app.run_test(size=(120, 40)) as pilot:
        scene = Scene(app, pilot)
        await scene.choose("openai/gpt-4o-mini")
        await drill(scene)
        for dialect in Dialect:
            await scene.screen.chat_session.set_dialect(dialect)
            for _ in range(10):
                await scene.write("")
                view = await scene.ask("Count from one to twenty in words.")
                if view.message.ending is ending and sentence in under(view):
                    break
            assert view.message.ending is ending, dialect
            assert sentence in under(view), dialect
            if not ending.whole and view.message.text:
                assert "alt+n continues" in under(view)


async def test_mixed_refusals_each_say_what_they_are(make_app: MakeApp) -> None:
    app = make_app("playground", scenario="mixed-refusals", time_scale=4.0)
    async with app.run_test(size=(120, 40)) as pilot:
        scene = Scene(app, pilot)
        await scene.choose("openai/gpt-4o-mini")
        await drill(scene)
        met: dict[str, str] = {}
        for _ in range(18):
            await scene.write("")
            view = await scene.ask("Hello")
            if view.message.ending is Ending.FAILED:
                assert view.message.problem is not None
                met[view.message.problem.kind] = under(view)
            if len(met) >= 3:
                break
        assert len(met) >= 3, met
        assert len(set(met.values())) == len(met)
        assert all(
            "asks again" in sentence or "again in" in sentence or "picks" in sentence
            for sentence in met.values()
        )
