"""The half of the room that talks: connect, say, stop, and what the next session is to be."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from textual import work
from textual.content import Content

from zaguan_tui.screens.chat.models.lines import explain_no_models
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.common.connection_info import ConnectionInfo
from zaguan_tui.screens.realtime.default_model import COLUMNS, make_realtime_search
from zaguan_tui.screens.realtime.keeping import KeepingRoom
from zaguan_tui.state.realtime.notices import Phase
from zaguan_tui.state.realtime.session import AnsweringError, NotOpenError
from zaguan_tui.state.realtime.turns import ToolRequest, TurnEnding
from zaguan_tui.text.sanitize import clean_line

NOT_OPEN = "No session is open: ctrl+n connects. What you wrote stays."
CONNECTING = "One moment: the session is being opened."
ANSWERING = "An answer is still coming. Escape stops it."
NO_MODEL = "Pick a model first: ctrl+o."
SESSION_HELP = (
    "JSON for session.update, sent now and to every new session. For example "
    '{"instructions": "Be brief.", "output_modalities": ["text"], "audio": {"output": {"voice": "cedar"}}}'
)


class TalkingRoom(KeepingRoom):
    """A room with a prompt and a session. ``_model`` is the model of the next one."""

    _model: str | None = None

    def action_connect(self) -> None:
        """Begin a new session."""
        if self._model is None:
            self._warn(NO_MODEL)
        else:
            self.realtime.connect(self._model)
            self._prompt.focus()

    @work(group="hang up", exclusive=True, exit_on_error=False)
    async def action_disconnect(self) -> None:
        """Close the session."""
        await self.realtime.disconnect()

    @work(group="stop", exclusive=True, exit_on_error=False)
    async def action_stop(self) -> None:
        """Stop the answer; what came is kept."""
        await self.realtime.stop()

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_pick_model(self) -> None:
        """Choose the model of the next session."""
        from zaguan_tui.widgets.picker import Picker

        entries = self.app_state.models.catalogue.entries
        picker = Picker(
            "Model of the session",
            make_realtime_search(entries),
            total=len(entries),
            current=self._model,
            empty="" if entries else self._why_no_models().plain,
            columns=COLUMNS,
        )
        if (chosen := await self.app.push_screen_wait(picker)) is not None:
            self._model = chosen
            if self.realtime.live and chosen != self.realtime.status.model:
                self._tell("The next session will be with this model; alt+x closes the present one.")
            self._draw()

    @property
    def asked_calls(self) -> tuple[ToolRequest, ...]:
        """The functions that the newest turn waits for."""
        turns = self.realtime.book.turns
        waits = bool(turns) and turns[-1].ending is TurnEnding.TOOL_CALLS
        return turns[-1].calls if waits and self.realtime.status.phase is Phase.OPEN else ()

    @work(group="answer", exclusive=True, exit_on_error=False)
    async def action_answer_calls(self) -> None:
        """Write what the functions gave, one after the other; leaving one leaves all."""
        from zaguan_tui.screens.modals.edit_text import EditTextScreen

        outputs = []
        for call in self.asked_calls:
            about = clean_line(
                f"What {call.name or 'the function'} gives for {call.arguments or 'nothing'}", 300
            )
            output = await self.app.push_screen_wait(EditTextScreen("Answer as the tool", "{}", about))
            if output is None:
                return
            outputs.append((call, output))
        if outputs:
            with self._refusing():
                await self.realtime.answer(outputs)

    @work(group="change", exclusive=True, exit_on_error=False)
    async def action_toggle_output(self) -> None:
        """Ask for text, or for voice."""
        status, requested_settings = self.realtime.status, dict(self.realtime.requested_settings)
        told = requested_settings.get("output_modalities") or list(status.modalities)
        requested_settings["output_modalities"] = ["audio"] if told == ["text"] else ["text"]
        await self.realtime.change(requested_settings)
        self._tell(f"Answers come as {'voice' if told == ['text'] else 'text'} from the next turn on.")

    @work(group="change", exclusive=True, exit_on_error=False)
    async def action_edit_session(self) -> None:
        """Edit the fields of the session."""
        from zaguan_tui.screens.modals.edit_text import EditTextScreen

        text: str | None = json.dumps(dict(self.realtime.requested_settings), ensure_ascii=False, indent=2)
        while text is not None:
            text = await self.app.push_screen_wait(EditTextScreen("Session", text, SESSION_HELP))
            if text is None:
                return
            fields, wrong = _read_object(text)
            if fields is not None:
                await self.realtime.change(fields)
                return
            self._warn(wrong)

    def _submit(self, text: str) -> bool:
        """Take what was written, or refuse it and say why."""
        if self.realtime.status.phase is not Phase.OPEN:
            self._warn(CONNECTING if self.realtime.live else NOT_OPEN)
        elif self.realtime.running is not None:
            self._warn(ANSWERING)
        else:
            self._say(text)
            return True
        return False

    @work(group="say", exit_on_error=False)
    async def _say(self, text: str) -> None:
        with self._refusing(lambda: self._prompt.put_above(text)):
            await self.realtime.say(text)

    @contextmanager
    def _refusing(self, undo: Callable[[], None] = lambda: None) -> Iterator[None]:
        """What came too late is a sentence: the session ended, or answers already."""
        try:
            yield
        except (NotOpenError, AnsweringError) as error:
            undo()
            self._warn(ANSWERING if isinstance(error, AnsweringError) else NOT_OPEN)

    def _why_no_models(self) -> Content:
        frame = self.session.frame.snapshot.value or ConnectionInfo()
        return explain_no_models(self.app_state.models.store.snapshot, connecting=frame.configured)

    def _draw(self) -> None:
        """Draw the lines above."""
        raise NotImplementedError

    @property
    def _prompt(self) -> Prompt:
        return self.query_one(Prompt)


def _read_object(text: str) -> tuple[dict[str, Any] | None, str]:
    """The JSON object in ``text``, or the sentence that says what is wrong with it."""
    try:
        value = json.loads(text) if text.strip() else {}
    except ValueError as error:
        return None, f"This is not JSON: {error}."
    if not isinstance(value, dict):
        return None, "The session is a JSON object: { … }."
    return value, ""
