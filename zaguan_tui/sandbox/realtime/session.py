"""A realtime session: client events in, server events out, until either side disconnects (wire.md 7)."""

from __future__ import annotations

import asyncio
import io
import json
import wave
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.media.audio import RATE, read_recording
from zaguan_tui.sandbox.engine.media.transcript import transcribe
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.realtime.audio_buffer import AudioInputBuffer
from zaguan_tui.sandbox.realtime.conversation import Conversation, Item, checked_item, new_item_id
from zaguan_tui.sandbox.realtime.reply import Reply
from zaguan_tui.sandbox.realtime.settings import (
    SILENCE_MS,
    make_settings,
    turn_detection,
    update_settings,
    voice_of,
)
from zaguan_tui.sandbox.realtime.wire import Event, EventSender, RealtimeError

_SESSION_SECONDS = 3600
Handler = Callable[[Event], Awaitable[None]]


class RealtimeSession:
    """One client's session. Feed it with `receive`; `close` it when the client has disconnected."""

    def __init__(self, gateway: Gateway, model: ModelData, wire: EventSender) -> None:
        expires = int(gateway.clock.now().timestamp()) + _SESSION_SECONDS
        self._gateway = gateway
        self._wire = wire
        self._settings = make_settings(model, expires)
        self._conversation = Conversation()
        self._ear = AudioInputBuffer()
        self._sound_item = new_item_id()
        """The id of the message that the audio becomes once it is committed."""
        self._reply: Reply | None = None
        self._speaking: asyncio.Task[None] | None = None
        self._handlers: dict[str, Handler] = {
            "session.update": self._update,
            "conversation.item.create": self._create_item,
            "conversation.item.retrieve": self._retrieve_item,
            "conversation.item.delete": self._delete_item,
            "conversation.item.truncate": self._truncate_item,
            "input_audio_buffer.append": self._append_audio,
            "input_audio_buffer.commit": self._commit_audio,
            "input_audio_buffer.clear": self._clear_audio,
            "output_audio_buffer.clear": self._clear_output,
            "response.create": self._respond,
            "response.cancel": self._cancel,
        }

    async def open(self) -> None:
        """Send ``session.created``."""
        await self._wire.send("session.created", session=self._settings)

    async def receive(self, text: str) -> None:
        """Handle one client event, or answer with an ``error`` event."""
        event: Any = None
        try:
            try:
                event = json.loads(text)
            except (ValueError, RecursionError) as error:
                raise RealtimeError("The event is not valid JSON.", code="invalid_json") from error
            if not isinstance(event, dict):
                raise RealtimeError("An event must be an object.", code="invalid_json")
            kind = event.get("type")
            handler = self._handlers.get(kind) if isinstance(kind, str) else None
            if handler is None:
                raise RealtimeError(f"Unknown event type {str(kind)[:100]!r}.", "type")
            await handler(event)
        except RealtimeError as error:
            await self._wire.send_error(error, event.get("event_id") if isinstance(event, dict) else None)

    async def close(self) -> None:
        """The client has disconnected: cancel the reply."""
        if self._speaking is not None:
            self._speaking.cancel()
            with suppress(asyncio.CancelledError, RuntimeError):
                await self._speaking

    async def _update(self, event: Event) -> None:
        self._settings = update_settings(self._settings, event.get("session"), "session")
        await self._wire.send("session.updated", session=self._settings)

    async def _create_item(self, event: Event) -> None:
        item = checked_item(event.get("item"))
        if any(other_item["id"] == item["id"] for other_item in self._conversation.items):
            raise RealtimeError(f"There is an item {item['id']!r} already.", "item.id", "duplicate_item_id")
        await self._add(item, event.get("previous_item_id"))

    async def _add(self, item: Item, after: object = None) -> None:
        before = self._conversation.add(item, after)
        await self._wire.send("conversation.item.added", previous_item_id=before, item=item)
        await self._wire.send("conversation.item.done", previous_item_id=before, item=item)

    async def _retrieve_item(self, event: Event) -> None:
        await self._wire.send(
            "conversation.item.retrieved", item=self._conversation.find(event.get("item_id"))
        )

    async def _delete_item(self, event: Event) -> None:
        item = self._conversation.find(event.get("item_id"))
        self._conversation.items.remove(item)
        await self._wire.send("conversation.item.deleted", item_id=item["id"])

    async def _truncate_item(self, event: Event) -> None:
        item = self._conversation.find(event.get("item_id"))
        end, place = event.get("audio_end_ms"), event.get("content_index", 0)
        if not isinstance(end, int) or isinstance(end, bool) or end < 0:
            raise RealtimeError("'audio_end_ms' must be a whole number from 0.", "audio_end_ms")
        parts = item.get("content") or []
        if not isinstance(place, int) or not 0 <= place < len(parts) or "transcript" not in parts[place]:
            raise RealtimeError("There is no audio of the assistant's at that place.", "content_index")
        parts[place]["transcript"] = ""
        await self._wire.send(
            "conversation.item.truncated", item_id=item["id"], content_index=place, audio_end_ms=end
        )

    async def _append_audio(self, event: Event) -> None:
        detection = turn_detection(self._settings)
        silence = (detection or {}).get("silence_duration_ms", SILENCE_MS)
        turnover = self._ear.append(event.get("audio"), silence if isinstance(silence, int) else SILENCE_MS)
        if detection is None or turnover is None:
            return
        if turnover.started:
            started = {"audio_start_ms": turnover.at_ms, "item_id": self._sound_item}
            await self._wire.send("input_audio_buffer.speech_started", **started)
            if self._reply is not None and detection.get("interrupt_response", True):
                self._reply.cancel()
            return
        stopped = {"audio_end_ms": turnover.at_ms, "item_id": self._sound_item}
        await self._wire.send("input_audio_buffer.speech_stopped", **stopped)
        await self._commit_audio(event)
        if detection.get("create_response", True) and not self._busy:
            await self._respond({})

    async def _commit_audio(self, event: Event) -> None:
        data = self._ear.take()
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(data)
        recording = await asyncio.to_thread(read_recording, out.getvalue())
        words = " ".join(segment.text for segment in transcribe(recording, data))
        message = {"type": "message", "role": "user", "content": [{"type": "input_audio"}]}
        item = checked_item({**message, "id": self._sound_item})
        self._sound_item = new_item_id()
        item["content"][0]["transcript"] = words
        before = self._conversation.items[-1]["id"] if self._conversation.items else None
        await self._wire.send("input_audio_buffer.committed", previous_item_id=before, item_id=item["id"])
        await self._add(item)
        name = "conversation.item.input_audio_transcription.completed"
        usage = {"type": "duration", "seconds": max(1, round(recording.seconds))}
        await self._wire.send(name, item_id=item["id"], content_index=0, transcript=words, usage=usage)

    async def _clear_audio(self, _: Event) -> None:
        self._ear.clear()
        await self._wire.send("input_audio_buffer.cleared")

    async def _clear_output(self, _: Event) -> None:
        await self._wire.send("output_audio_buffer.cleared")

    async def _respond(self, event: Event) -> None:
        if self._busy:
            message = "A response is under way; wait for response.done or cancel it."
            raise RealtimeError(message, code="conversation_already_has_active_response")
        overrides = event.get("response")
        settings = (
            self._settings if overrides is None else update_settings(self._settings, overrides, "response")
        )
        settings = {**settings, "voice": voice_of(settings)}
        self._reply = Reply(self._gateway, self._wire, self._conversation, settings)
        self._speaking = asyncio.create_task(self._reply.run(), name="realtime reply")

    async def _cancel(self, _: Event) -> None:
        if not self._busy or self._reply is None:
            message = "There is no response to cancel."
            raise RealtimeError(message, code="response_cancel_not_active")
        self._reply.cancel()

    @property
    def _busy(self) -> bool:
        return self._speaking is not None and not self._speaking.done()
