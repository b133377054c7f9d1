"""Builds turns from imported messages of either dialect: prompts, answers, tool results."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.types.answers.answer_images import read_images
from zaguan_tui.client.types.answers.citations import read_citations
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.state.chat.answer_parts import citations, image_attachments, with_ids
from zaguan_tui.state.chat.message import Attachment, Dialect, Message, Role, ToolResult, new_id
from zaguan_tui.state.conversations.conversation import Turn
from zaguan_tui.state.conversations.importing.calls import arguments_of, blocks_of, read_call
from zaguan_tui.state.conversations.importing.checks import (
    ImportFormatError,
    check_list,
    check_object,
    check_text,
    make_type_error,
    named,
)

_SYSTEM: Final = frozenset({"system", "developer"})
_TOOLS: Final = frozenset({"tool", "function"})
_TEXTS: Final = frozenset({"text", "input_text", "output_text"})


@dataclass(slots=True)
class _MessageContent:
    """The parts of one message's content."""

    texts: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    calls: list[ToolCall] = field(default_factory=list)
    results: list[ToolResult] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    blocks: tuple[Mapping[str, Any], ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


class MessageReader:
    """Reads messages in their order. ``notes`` say what could not be imported as it was, or at all."""

    def __init__(self, now: datetime, model: str | None, dialect: Dialect = Dialect.CHAT) -> None:
        self.model, self.dialect = model, dialect
        self.notes: list[str] = []
        self._now = now
        self._system: list[str] = []
        self._turns: list[Turn] = []
        self._pictures = 0

    @property
    def system_prompt(self) -> str:
        """What the system messages said."""
        return "\n\n".join(self._system)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was read so far."""
        return tuple(self._turns)

    def system(self, content: object, path: str) -> None:
        """One more system message."""
        self._system.append(self._content(content, path).text)

    def read(self, messages: Sequence[tuple[Any, str]]) -> None:
        """Take these, each with what to call its place; one that cannot be read is left out, with a note.

        Raises ``UnreadableError`` when none can be read.
        """
        first: ImportFormatError | None = None
        taken = False
        for value, path in messages:
            try:
                self._message(check_object(value, path), path)
                taken = True
            except ImportFormatError as error:
                first = first or error
                self._leave_out(error)
        if first is not None and not taken:
            raise first

    def _leave_out(self, error: ImportFormatError) -> None:
        self.notes.append(f"Left out: {error}")

    def _message(self, message: Mapping[str, Any], path: str) -> None:
        role = named(message.get("role"))
        content = message.get("content")
        if role in _SYSTEM:
            if self._turns:
                self.notes.append(f"The system message at {path} was moved into the system prompt.")
            self.system(content, f"{path}.content")
        elif role in _TOOLS:
            self._tool(message, path)
        elif role == Role.USER:
            parts = self._content(content, f"{path}.content")
            if parts.results:
                self._results(parts.results)
            if parts.text or parts.attachments or not parts.results:
                self._prompt(Role.USER, parts.text, attachments=tuple(parts.attachments))
        elif role == Role.ASSISTANT:
            parts = self._content(content, f"{path}.content")
            parts.calls += self._calls(message, path)
            self._answer(parts, message, path)
        else:
            known = "system, developer, user, assistant or tool"
            shown = json.dumps(message.get("role"), default=str)[:40]
            raise ImportFormatError(f"{path}.role has to be {known}, but is {shown}.")

    def _prompt(self, role: Role, text: str = "", **facts: Any) -> None:
        prompt = Message(new_id("msg"), role, text, self._now, **facts)
        self._turns.append(Turn(new_id("turn"), prompt))

    def _answer(self, parts: _MessageContent, message: Mapping[str, Any], path: str) -> None:
        reasoning = message.get("reasoning_content") or message.get("reasoning")
        if isinstance(reasoning, str):
            parts.reasoning.append(reasoning)
        if message.get("refusal") is not None:
            parts.refusals.append(check_text(message["refusal"], f"{path}.refusal"))
        images = image_attachments(read_images({"images": message.get("images")}))
        answer_id = new_id("msg")
        calls = with_ids(answer_id, parts.calls)
        answer = Message(
            answer_id,
            Role.ASSISTANT,
            parts.text,
            self._now,
            attachments=(*parts.attachments, *images),
            citations=citations(read_citations(message)),
            reasoning="\n".join(parts.reasoning),
            refusal="\n".join(parts.refusals),
            tool_calls=calls,
            ending=Ending.TOOL_CALLS if parts.calls else Ending.FINISHED,
            model=self.model,
            dialect=self.dialect,
            blocks=blocks_of(parts.blocks, calls),
        )
        if not self._turns:
            self._prompt(Role.USER)
        turn = self._turns[-1]
        if (before := turn.answer) is not None:  # one answer in two messages
            answer = replace(
                answer,
                text="\n\n".join(part for part in (before.text, answer.text) if part),
                reasoning="\n\n".join(part for part in (before.reasoning, answer.reasoning) if part),
                tool_calls=(*before.tool_calls, *answer.tool_calls),
                attachments=(*before.attachments, *answer.attachments),
                citations=tuple(dict.fromkeys((*before.citations, *answer.citations))),
                blocks=(),
            )
        self._turns[-1] = replace(turn, answers=(answer,))

    def _calls(self, message: Mapping[str, Any], path: str) -> list[ToolCall]:
        calls = []
        listed = message.get("tool_calls") or []
        entries = [listed] if isinstance(listed, Mapping) else check_list(listed, f"{path}.tool_calls")
        for place, value in enumerate(entries):
            try:
                calls.append(read_call(value, f"{path}.tool_calls[{place}]"))
            except ImportFormatError as error:
                self._leave_out(error)
        if isinstance(old := message.get("function_call"), Mapping):
            name = check_text(old.get("name"), f"{path}.function_call.name")
            calls.append(ToolCall(f"call_{len(self._turns)}", name, arguments_of(old.get("arguments", ""))))
        return calls

    def _tool(self, message: Mapping[str, Any], path: str) -> None:
        parts = self._content(message.get("content"), f"{path}.content")
        name = message.get("name")
        call_id = check_text(message.get("tool_call_id") or "", f"{path}.tool_call_id")
        self._results([ToolResult(call_id, str(name or ""), parts.text)])

    def _results(self, results: Sequence[ToolResult]) -> None:
        """Results in a row answer one answer together."""
        last = self._turns[-1] if self._turns else None
        together = last is not None and last.prompt.role is Role.TOOL and last.answer is None
        calls = {call.id or "": call.name for call in self._newest_calls()}
        answered = {result.call_id for result in last.prompt.tool_results} if together and last else set()
        named = []
        for result in results:
            call_id = result.call_id
            if not call_id:  # it answers the first call that waits, of its name if it says one
                fitting = (one for one in calls if one not in answered and result.name in ("", calls[one]))
                call_id = next(fitting, "")
            answered.add(call_id)
            named.append(replace(result, call_id=call_id, name=result.name or calls.get(call_id, "")))
        if together and last is not None:
            prompt = replace(last.prompt, tool_results=(*last.prompt.tool_results, *named))
            self._turns[-1] = replace(last, prompt=prompt)
        else:
            self._prompt(Role.TOOL, tool_results=tuple(named))

    def _newest_calls(self) -> tuple[ToolCall, ...]:
        """The calls of the newest answer."""
        return next((turn.answer.tool_calls for turn in reversed(self._turns) if turn.answer), ())

    def _content(self, content: object, path: str) -> _MessageContent:
        parts = _MessageContent()
        if content is None:
            return parts
        if isinstance(content, str):
            parts.texts.append(check_text(content, path))
            return parts
        if not isinstance(content, list):
            raise make_type_error(path, "a text or a list of parts", content)
        failures: list[ImportFormatError] = []
        for place, value in enumerate(content):
            at = f"{path}[{place}]"
            try:
                self._part(value if isinstance(value, str) else check_object(value, at), at, parts)
            except ImportFormatError as error:
                failures.append(error)
        if failures and len(failures) == len(content):
            raise failures[0]
        for failure in failures:
            self._leave_out(failure)
        if parts.reasoning:
            parts.blocks = tuple(part for part in content if isinstance(part, Mapping))
        return parts

    def _part(self, part: str | Mapping[str, Any], path: str, parts: _MessageContent) -> None:
        if isinstance(part, str):
            parts.texts.append(check_text(part, path))
            return
        kind = named(part.get("type"))
        if kind in _TEXTS:
            parts.texts.append(check_text(part.get("text"), f"{path}.text"))
        elif kind == "refusal":
            parts.refusals.append(check_text(part.get("refusal"), f"{path}.refusal"))
        elif kind == "thinking":
            parts.reasoning.append(check_text(part.get("thinking"), f"{path}.thinking"))
        elif kind == "tool_use":
            name = check_text(part.get("name"), f"{path}.name")
            parts.calls.append(
                ToolCall(
                    check_text(part.get("id", ""), f"{path}.id"), name, arguments_of(part.get("input", {}))
                )
            )
        elif kind == "tool_result":
            result = self._content(part.get("content"), f"{path}.content")
            call_id = check_text(part.get("tool_use_id", ""), f"{path}.tool_use_id")
            parts.results.append(ToolResult(call_id, "", result.text, bool(part.get("is_error"))))
        elif kind in ("image_url", "input_image", "image"):
            self._picture(part, path, parts)
        elif kind != "redacted_thinking":
            shown = json.dumps(part.get("type"), default=str)[:40]
            self.notes.append(f"The part at {path}, of type {shown}, was left out.")

    def _picture(self, part: Mapping[str, Any], path: str, parts: _MessageContent) -> None:
        source = part.get("source")
        if isinstance(source, Mapping) and source.get("type") == "base64":
            kind = check_text(source.get("media_type"), f"{path}.source.media_type")
            data = check_text(source.get("data"), f"{path}.source.data")
        else:
            link = source if isinstance(source, Mapping) else part.get("image_url")
            url = check_text(link.get("url") if isinstance(link, Mapping) else link, f"{path}.image_url.url")
            head, _, body = url.partition(";base64,")
            kind, data = head.removeprefix("data:"), body if head.startswith("data:") else ""
            if not data:
                parts.texts.append(f"[image: {url}]")
                self.notes.append(f"The picture at {path} is a link; it is kept as text.")
                return
        self._pictures += 1
        name = f"image-{self._pictures}.{kind.rpartition('/')[2] or 'bin'}"
        size = len(data) * 3 // 4 - data[-2:].count("=")
        parts.attachments.append(Attachment(name, kind, data, max(0, size)))
