"""Client events of a realtime session, for ``session.send`` (wire reference §7; OpenAI spec)."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.sentences import check_integer, check_text

MAX_AUDIO_BYTES = 15 * 1024 * 1024
"""Bytes that one append may carry (OpenAI spec)."""


@dataclass(frozen=True, slots=True)
class ClientEvent:
    """One event on its way to the server; ``event_id`` comes back in an error it causes."""

    type: str
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)
    event_id: str | None = None

    def __post_init__(self) -> None:
        check_text("type", self.type)

    def frame(self) -> dict[str, Any]:
        """The JSON object that goes out."""
        named = {"event_id": self.event_id} if self.event_id is not None else {}
        return {"type": self.type, **named, **self.fields}


def update_session(session: Mapping[str, Any], *, event_id: str | None = None) -> ClientEvent:
    """Change the fields of ``session`` that are given; ``""``, ``[]`` and ``None`` clear.

    A text model wants ``{"type": "realtime", "output_modalities": ["text"]}``: the default is audio.
    """
    return ClientEvent("session.update", {"session": dict(session)}, event_id)


def say(text: str, *, role: str = "user", event_id: str | None = None) -> ClientEvent:
    """Add a turn of text to the conversation; ask for an answer with :func:`create_response`."""
    check_text("text", text)
    kind = "output_text" if role == "assistant" else "input_text"
    item = {"type": "message", "role": role, "content": [{"type": kind, "text": text}]}
    return create_item(item, event_id=event_id)


def answer_call(call_id: str, output: str, *, event_id: str | None = None) -> ClientEvent:
    """Hand back what a function call gave; ``output`` is mostly JSON text."""
    check_text("call_id", call_id)
    item = {"type": "function_call_output", "call_id": call_id, "output": output}
    return create_item(item, event_id=event_id)


def create_item(
    item: Mapping[str, Any], *, previous_item_id: str | None = None, event_id: str | None = None
) -> ClientEvent:
    """Add any item, at the end or behind ``previous_item_id``."""
    fields: dict[str, Any] = {"item": dict(item)}
    if previous_item_id is not None:
        fields["previous_item_id"] = previous_item_id
    return ClientEvent("conversation.item.create", fields, event_id)


def retrieve_item(item_id: str, *, event_id: str | None = None) -> ClientEvent:
    """Ask for an item as the server has it."""
    return ClientEvent("conversation.item.retrieve", _named(item_id), event_id)


def delete_item(item_id: str, *, event_id: str | None = None) -> ClientEvent:
    """Take an item out of the conversation."""
    return ClientEvent("conversation.item.delete", _named(item_id), event_id)


def truncate_item(
    item_id: str, audio_end_ms: int, *, content_index: int = 0, event_id: str | None = None
) -> ClientEvent:
    """Forget what of an answer was not heard, from ``audio_end_ms`` milliseconds on."""
    check_integer("audio_end_ms", audio_end_ms, 0)
    place = {"content_index": content_index, "audio_end_ms": audio_end_ms}
    return ClientEvent("conversation.item.truncate", {**_named(item_id), **place}, event_id)


def append_audio(audio: bytes, *, event_id: str | None = None) -> ClientEvent:
    """Add audio (in the session's input format) to the buffer; never confirmed. At most 15 MiB."""
    if not 0 < len(audio) <= MAX_AUDIO_BYTES:
        raise ArgumentError("audio", f"has {len(audio):,} bytes", f"1 to {MAX_AUDIO_BYTES:,} bytes")
    fields = {"audio": base64.b64encode(audio).decode("ascii")}
    return ClientEvent("input_audio_buffer.append", fields, event_id)


def commit_audio(*, event_id: str | None = None) -> ClientEvent:
    """Make a turn of the user of what is in the buffer."""
    return ClientEvent("input_audio_buffer.commit", {}, event_id)


def clear_audio(*, event_id: str | None = None) -> ClientEvent:
    """Throw away what is in the buffer."""
    return ClientEvent("input_audio_buffer.clear", {}, event_id)


def create_response(
    response: Mapping[str, Any] | None = None, *, modalities: Sequence[str] = (), event_id: str | None = None
) -> ClientEvent:
    """Ask for an answer; ``response`` overrides the session for this one, ``modalities`` only its output."""
    requested_settings = {
        **(response or {}),
        **({"output_modalities": list(modalities)} if modalities else {}),
    }
    return ClientEvent(
        "response.create", {"response": requested_settings} if requested_settings else {}, event_id
    )


def cancel_response(response_id: str | None = None, *, event_id: str | None = None) -> ClientEvent:
    """Stop the answer that is being given, or the one named."""
    fields = {} if response_id is None else {"response_id": response_id}
    return ClientEvent("response.cancel", fields, event_id)


def _named(item_id: str) -> dict[str, Any]:
    check_text("item_id", item_id)
    return {"item_id": item_id}
