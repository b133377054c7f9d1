"""Settings of realtime sessions: the model of the next one, text or voice, the fields of session.update."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.screens.realtime.default_model import (
    COLUMNS,
    NextSession,
    choose_default_model,
    make_realtime_search,
)
from zaguan_tui.screens.realtime.realtime_view import RealtimeView
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.core.store import Snapshot
from zaguan_tui.state.models.entry import ModelCatalogue

SESSION_HELP = (
    "JSON for session.update, sent now and to every new session. For example "
    '{"instructions": "Be brief.", "output_modalities": ["text"], "audio": {"output": {"voice": "cedar"}}}'
)


@dataclass(slots=True, eq=False)
class SessionSettingsController:
    """Changes the present session and the next."""

    services: ScreenServices
    app_state: AppState
    next_session: NextSession
    view: RealtimeView

    def on_models(self, _snapshot: Snapshot[ModelCatalogue]) -> None:
        """Choose a default model where the present choice is not in the catalogue."""
        catalogue = self.app_state.models.catalogue
        unknown = self.next_session.model not in catalogue.by_id
        if catalogue.entries and unknown and not self.app_state.realtime.live:
            self.next_session.model = choose_default_model(catalogue.entries)
        self.view.draw()

    async def pick_model(self) -> None:
        """Choose the model of the next session."""
        from zaguan_tui.widgets.picker import Picker

        entries, session = self.app_state.models.catalogue.entries, self.app_state.realtime
        picker = Picker(
            "Model of the session",
            make_realtime_search(entries),
            total=len(entries),
            current=self.next_session.model,
            empty="" if entries else self.view.explain_missing_models().plain,
            columns=COLUMNS,
        )
        if (chosen := await self.services.show_sheet(picker)) is not None:
            self.next_session.model = chosen
            if session.live and chosen != session.status.model:
                self.services.inform(
                    "The next session will be with this model; alt+x closes the present one."
                )
            self.view.draw()

    async def toggle_output(self) -> None:
        """Ask for text instead of voice, or for voice again."""
        session = self.app_state.realtime
        settings = dict(session.requested_settings)
        modalities = settings.get("output_modalities") or list(session.status.modalities)
        now_voice = modalities == ["text"]
        settings["output_modalities"] = ["audio"] if now_voice else ["text"]
        await session.change(settings)
        self.services.inform(f"Answers come as {'voice' if now_voice else 'text'} from the next turn on.")

    async def edit_fields(self) -> None:
        """Edit the fields of session.update as JSON."""
        from zaguan_tui.screens.modals.edit_text import EditTextScreen

        session = self.app_state.realtime
        text: str | None = json.dumps(dict(session.requested_settings), ensure_ascii=False, indent=2)
        while text is not None:
            text = await self.services.show_sheet(EditTextScreen("Session", text, SESSION_HELP))
            if text is None:
                return
            fields, problem = read_json_object(text)
            if fields is not None:
                await session.change(fields)
                return
            self.services.warn(problem)


def read_json_object(text: str) -> tuple[dict[str, Any] | None, str]:
    """The JSON object in ``text``, or the sentence that says what is wrong with it."""
    try:
        value = json.loads(text) if text.strip() else {}
    except ValueError as error:
        return None, f"This is not JSON: {error}."
    if not isinstance(value, dict):
        return None, "The session is a JSON object: { … }."
    return value, ""
