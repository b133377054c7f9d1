"""The items of a realtime conversation, checked, and as messages of a chat."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from zaguan_tui.sandbox.realtime.wire import RealtimeError

Item = dict[str, Any]
_PARTS = ("input_text", "input_audio", "input_image", "output_text", "output_audio", "text", "audio")


class Conversation:
    """Items in their order."""

    def __init__(self) -> None:
        self.id = f"conv_{uuid.uuid4().hex[:20]}"
        self.items: list[Item] = []

    def find(self, name: object) -> Item:
        """The item of that id. Raises `RealtimeError`."""
        for item in self.items:
            if item["id"] == name:
                return item
        raise RealtimeError(f"There is no item {str(name)[:100]!r}.", "item_id", "item_not_found")

    def add(self, item: Item, after: object = None) -> str | None:
        """Put an item at the end, or behind another; returns the id of the one before it."""
        place = len(self.items)
        if after == "root":
            place = 0
        elif after is not None:
            place = self.items.index(self.find(after)) + 1
        self.items.insert(place, item)
        return self.items[place - 1]["id"] if place else None

    def messages(self, instructions: str | None) -> list[dict[str, Any]]:
        """The conversation as a chat request has it."""
        messages_: list[dict[str, Any]] = []
        if instructions:
            messages_.append({"role": "system", "content": instructions})
        for item in self.items:
            if item["type"] == "message":
                text = "\n".join(_words(part) for part in item["content"])
                if text:
                    messages_.append({"role": item["role"], "content": text})
            elif item["type"] == "function_call":
                function = {"name": item["name"], "arguments": item["arguments"]}
                call = {"id": item["call_id"], "type": "function", "function": function}
                messages_.append({"role": "assistant", "content": None, "tool_calls": [call]})
            else:
                messages_.append({"role": "tool", "tool_call_id": item["call_id"], "content": item["output"]})
        return messages_ or [{"role": "user", "content": "Say hello."}]


def new_item_id() -> str:
    """An id for an item that came without one."""
    return f"item_{uuid.uuid4().hex[:20]}"


def checked_item(value: object) -> Item:
    """A client's item, complete. Raises `RealtimeError`."""
    if not isinstance(value, Mapping):
        raise RealtimeError("'item' is required and must be an object.", "item")
    kind = value.get("type")
    head = {"id": value.get("id") or new_item_id(), "object": "realtime.item", "type": kind}
    if not isinstance(head["id"], str) or len(head["id"]) > 64:
        raise RealtimeError("'item.id' must be text of at most 64 characters.", "item.id")
    head["status"] = "completed"
    if kind == "message":
        if value.get("role") not in ("user", "assistant", "system"):
            raise RealtimeError("'item.role' must be user, assistant or system.", "item.role")
        parts = value.get("content")
        if not isinstance(parts, list) or not all(
            isinstance(part, dict) and part.get("type") in _PARTS for part in parts
        ):
            raise RealtimeError(f"'item.content' must be a list of {', '.join(_PARTS)}.", "item.content")
        return {**head, "role": value["role"], "content": [dict(part) for part in parts]}
    needed = {
        "function_call": ("call_id", "name", "arguments"),
        "function_call_output": ("call_id", "output"),
    }
    if kind not in needed:
        words = "message, function_call or function_call_output"
        raise RealtimeError(f"'item.type' must be {words}.", "item.type")
    for name in needed[kind]:
        if not isinstance(value.get(name), str):
            raise RealtimeError(f"'item.{name}' is required and must be text.", f"item.{name}")
    return {**head, **{name: value[name] for name in needed[kind]}}


def _words(part: Mapping[str, Any]) -> str:
    for name in ("text", "transcript"):
        if isinstance(part.get(name), str):
            return str(part[name])
    return ""
