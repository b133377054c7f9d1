"""Exports conversations as Markdown and JSON.

The JSON is one object::

    {"format": "zaguan-conversation", "version": 1,
     "id", "title", "kind", "model", "dialect", "created_at", "updated_at", "forked_from",
     "system_prompt", "params", "setup",
     "messages": what a model would read of it, in the OpenAI chat format, ready for another program,
     "turns": [{"id", "prompt": {…}, "answers": [{…}, …]}, …]}

``turns`` hold everything: of a prompt its text, files and tool results; of every answer, also of those that
do not count or broke off, its ``model``, ``dialect``, ``ending``, ``finish_reason``, ``text``, ``reasoning``,
``tool_calls``, ``citations``, its images as ``attachments``, ``usage`` (tokens), ``timings`` (seconds),
``request_id``, ``receipt`` (credits), ``params``, ``problem``. What is not known is left out. Moments are
ISO 8601 in UTC.

:mod:`.importing.reading` reads both this and what other programs write.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.state.chat.message import Attachment, Message, Role
from zaguan_tui.state.conversations.conversation import Conversation, ConversationKind, Turn
from zaguan_tui.state.conversations.model_context import append_text_files, build_chat_messages
from zaguan_tui.state.conversations.rows import message_to_row
from zaguan_tui.text.format import compact, count, latency, size, tokens_per_second
from zaguan_tui.text.format import credits as format_credits
from zaguan_tui.text.sanitize import clean, clean_line

FORMAT: Final = "zaguan-conversation"
VERSION: Final = 1
MAX_STEM_LENGTH: Final = 50

_UNSAFE: Final = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_FENCE: Final = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")
_NAMED: Final = (Ending.FINISHED, Ending.TOOL_CALLS)


def to_json(conversation: Conversation) -> str:
    """The whole conversation as the JSON described above, with nothing in it that a terminal could obey."""
    whole = {
        "format": FORMAT,
        "version": VERSION,
        "id": conversation.id,
        "title": conversation.title,
        "kind": conversation.kind.value,
        "model": conversation.model,
        "dialect": conversation.dialect.value,
        "created_at": _format_moment(conversation.created_at),
        "updated_at": _format_moment(conversation.updated_at),
        "forked_from": conversation.forked_from,
        "system_prompt": conversation.system_prompt,
        "params": dict(conversation.params),
        "setup": dict(conversation.setup),
        "messages": build_chat_messages(conversation.turns, conversation.system_prompt),
        "turns": [
            {
                "id": turn.id,
                "prompt": _message_to_json(turn.prompt),
                "answers": [_message_to_json(answer) for answer in turn.answers],
            }
            for turn in conversation.turns
        ],
    }
    text = json.dumps(whole, ensure_ascii=False, indent=2, default=str)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def to_markdown(conversation: Conversation) -> str:
    """The conversation to be read: prompts quoted, answers as they are, and how each of them went."""
    parts = [f"# {clean_line(conversation.title)}", "\n".join(_facts(conversation))]
    if conversation.system_prompt.strip():
        parts += ["## System prompt", _quote_lines(conversation.system_prompt)]
    for number, turn in enumerate(conversation.turns, 1):
        parts += _turn(number, turn)
    return "\n\n".join(part for part in parts if part) + "\n"


def file_stem(title: str) -> str:
    """A name for a file, from a title: letters, digits and dashes."""
    words = re.findall(r"\w+", clean_line(title).casefold())
    return "-".join(words)[:MAX_STEM_LENGTH].strip("-_") or "conversation"


def _message_to_json(message: Message) -> dict[str, Any]:
    """A message with all that is known of it."""
    row = message_to_row(message, "", "")
    details = json.loads(row.details)
    known = {
        "id": row.id,
        "role": row.role,
        "at": _format_moment(message.at),
        "model": row.model,
        "dialect": message.dialect.value if message.role is Role.ASSISTANT else None,
        "ending": row.ending,
        "text": row.text,
        "reasoning": row.reasoning or None,
        "request_id": row.request_id,
        **details,
    }
    if message.receipt is not None and message.receipt.at is not None:
        known["receipt"]["at"] = _format_moment(message.receipt.at)
    return {name: value for name, value in known.items() if value is not None}


def _facts(conversation: Conversation) -> Iterator[str]:
    if conversation.model:
        model = _inline_code(conversation.model)
        yield f"- Model: {model}, asked in the {conversation.dialect.value} dialect"
    yield f"- Begun {_minute(conversation.created_at)}, last talked in {_minute(conversation.updated_at)}"
    if conversation.kind is ConversationKind.COMPARISON:
        yield "- One prompt put to several models"
    if conversation.params:
        params = json.dumps(dict(conversation.params), ensure_ascii=False, default=str)
        yield f"- Parameters: {_inline_code(params)}"
    if conversation.forked_from:
        yield f"- Forked from {_inline_code(conversation.forked_from)}"


def _turn(number: int, turn: Turn) -> Iterator[str]:
    prompt = turn.prompt
    yield f"## {number}. {'Tool results' if prompt.tool_results else 'Prompt'}"
    for result in prompt.tool_results:
        error = ", an error" if result.is_error else ""
        yield f"{_inline_code(result.name or result.call_id)}{error}:\n\n{_fenced(result.content)}"
    yield _quote_lines(append_text_files(prompt.text, prompt.attachments))
    for picture in prompt.attachments:
        if picture.is_image:
            yield f"_Picture: {_describe_image(picture)}_"
    many = len(turn.answers)
    for place, answer in enumerate(turn.answers, 1):
        which = f"Answer {place} of {many}" if many > 1 else "Answer"
        counts = ", the one that counts" if many > 1 and answer is turn.answer else ""
        yield f"### {which}: {_inline_code(answer.model or 'unknown model')}{counts}"
        yield from _answer(answer)
    if not turn.answers:
        yield "_No answer was asked for._"


def _answer(answer: Message) -> Iterator[str]:
    if answer.reasoning:
        yield f"<details><summary>Reasoning</summary>\n\n{_quote_lines(answer.reasoning)}\n\n</details>"
    yield _close_fences(clean(answer.text or answer.refusal))
    for image in answer.attachments:
        yield f"_Picture: {_describe_image(image)}_"
    if answer.citations:
        yield "Sources:\n\n" + "\n".join(
            f"{number}. {clean_line(source.title or '')} {_inline_code(source.url)}".replace("  ", " ")
            for number, source in enumerate(answer.citations, 1)
        )
    for call in answer.tool_calls:
        arguments = _fenced(call.arguments, "json")
        yield f"Calls {_inline_code(call.name)} (`{clean_line(call.id or '')}`):\n\n{arguments}"
    if answer.problem is not None:
        yield f"**{clean_line(answer.problem.sentence)}** {clean_line(answer.problem.next_step)}".rstrip()
    yield f"_{' · '.join(_figures(answer))}_"


def _figures(answer: Message) -> Iterator[str]:
    ending = answer.ending
    if ending is None:
        yield "still being given"
    else:
        yield ending.value if ending in _NAMED else f"not whole: {ending.value}"
    if (timings := answer.timings) is not None:
        if timings.ttft_s is not None:
            yield f"first token {latency(timings.ttft_s)}"
        if timings.tokens_per_s is not None:
            yield ("~" if timings.tokens_estimated else "") + tokens_per_second(timings.tokens_per_s)
    if (usage := answer.usage) is not None:
        named = {
            "in": usage.prompt_tokens,
            "out": usage.completion_tokens,
            "cached": usage.cached_tokens,
            "reasoning": usage.reasoning_tokens,
        }
        yield from (f"{compact(tokens)} {name}" for name, tokens in named.items() if tokens is not None)
    if answer.receipt is not None and answer.receipt.debited is not None:
        yield f"{format_credits(answer.receipt.debited)} credits"
    if answer.attempts > 1:
        yield f"{count(answer.attempts)} attempts"
    if answer.request_id:
        yield f"request {_inline_code(answer.request_id)}"


def _describe_image(picture: Attachment) -> str:
    where = f"a link: {_inline_code(picture.url)}" if picture.url else size(picture.size)
    return f"{clean_line(picture.name)}, {clean_line(picture.media_type)}, {where}"


def _quote_lines(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in clean(text).splitlines())


def _inline_code(text: str) -> str:
    """Foreign text on one line as code, whatever ticks are in it."""
    line = clean_line(text)
    ticks = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{space}{line}{space}{ticks}"


def _fenced(text: str, language: str = "") -> str:
    cleaned = clean(text)
    fence = "`" * max(3, max((len(run) for run in re.findall("`+", cleaned)), default=0) + 1)
    return f"{fence}{language}\n{cleaned}\n{fence}"


def _close_fences(text: str) -> str:
    """Markdown whose last fence is closed: half an answer must not swallow what stands after it."""
    fence = ""
    for line in text.splitlines():
        if (match := _FENCE.match(line)) is None:
            continue
        marks, rest = match.groups()
        if not fence:
            fence = marks
        elif marks.startswith(fence) and not rest.strip():
            fence = ""
    return f"{text}\n{fence}" if fence else text


def _format_moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
