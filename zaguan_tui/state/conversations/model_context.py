"""Builds the messages that a model gets to read of a conversation, in either dialect.

Part of an answer is an answer: what came before a stop or a cut is in. What never got a word (an error, an
empty end) is left out together with its prompt, for the prompt will have been sent again. Tool calls are in
only where the next prompt brings their results, since both formats refuse a call without its result.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Final

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.state.chat.message import Attachment, Dialect, Message, Role
from zaguan_tui.state.chat.prompt_request import CONTINUE, ModelTarget, target_key
from zaguan_tui.state.conversations.conversation import Turn, answers_of

Turns = list[dict[str, object]]

_NEVER_ANSWERED: Final = frozenset(
    (Ending.FAILED, Ending.ERROR_FRAME, Ending.TRUNCATED, Ending.CONTENT_FILTER)
)
_MIN_FENCE_LENGTH: Final = 3


def build_chat_messages(
    turns: Sequence[Turn], system_prompt: str = "", question: Message | None = None
) -> Turns:
    """``turns`` in the chat format: the system prompt first, then prompts and answers, then ``question``."""
    messages: Turns = []
    if system_prompt.strip():
        messages.append({"role": Role.SYSTEM.value, "content": system_prompt})
    for prompt, answer, results in _iterate_exchanges(turns, question):
        if not _has_no_prompt(prompt, answer):
            messages += _chat_prompt(prompt)
        if answer is not None and (answer.text or answer.refusal or results):
            messages += _chat_answer(answer, results)
    return messages


def build_messages_turns(
    turns: Sequence[Turn], question: Message | None = None, model: str | None = None
) -> Turns:
    """``turns`` in the Messages format, then ``question``; the system prompt is no turn there.

    Content blocks go back unchanged to the ``model`` that wrote them, for their signatures are its own
    (Anthropic docs); another model gets the text. A paused answer is sent back as it is, and what the server
    went on with is part of the same turn.
    """
    messages: Turns = []
    before: Message | None = None
    for prompt, answer, results in _iterate_exchanges(turns, question):
        resumes = prompt.text == CONTINUE and before is not None and _is_paused(before, model)
        if not resumes and not _has_no_prompt(prompt, answer):
            messages.append(_messages_prompt(prompt))
        content = _messages_answer(answer, results, model) if answer is not None else ""
        if content and resumes:
            messages[-1]["content"] = [*_blocks(messages[-1]["content"]), *_blocks(content)]
        elif content:
            messages.append({"role": Role.ASSISTANT.value, "content": content})
        before = answer
    return messages


def append_text_files(text: str, attachments: Sequence[Attachment]) -> str:
    """A prompt with the text files that go with it, each fenced under its name."""
    files = [attachment for attachment in attachments if not attachment.is_image]
    return "\n\n".join([*([text] if text else []), *map(_fenced, files)])


def turns_of_target(turns: Iterable[Turn], target: ModelTarget) -> list[Turn]:
    """A comparison as one of its targets sees it: the turns it answered, with its own answers alone.

    The answer voted for counts, else the newest that says something.
    """
    own_turns = []
    for turn in turns:
        own = answers_of(turn, target_key(target))
        spoken = [answer for answer in own if not answer.empty] or list(own)
        counts = next((answer for answer in own if answer.chosen), spoken[-1] if spoken else None)
        if counts is not None:
            own_turns.append(Turn(turn.id, turn.prompt, (counts,)))
    return own_turns


def _iterate_exchanges(
    turns: Sequence[Turn], question: Message | None
) -> list[tuple[Message, Message | None, Message | None]]:
    """Each prompt that counts, its answer, and the tool results that follow it."""
    following = [turn.prompt for turn in turns[1:]] + ([question] if question is not None else [])
    exchanges: list[tuple[Message, Message | None, Message | None]] = []
    for turn, after in zip_longest(turns, following[: len(turns)]):
        answer = turn.answer
        results = after if after is not None and after.tool_results else None
        has_content = answer is not None and (
            answer.text
            or answer.refusal
            or (results and answer.tool_calls)
            or _is_paused(answer, answer.model)
        )
        if has_content:
            exchanges.append((turn.prompt, answer, results))
        elif answer is None or answer.ending not in _NEVER_ANSWERED:
            exchanges.append((turn.prompt, None, None))
    if question is not None:
        exchanges.append((question, None, None))
    return exchanges


def _is_paused(answer: Message, model: str | None) -> bool:
    """Whether ``model`` goes on when its own blocks are sent back without a prompt after them."""
    return answer.ending is Ending.PAUSED and bool(answer.blocks) and answer.model == model


def _blocks(content: object) -> list[object]:
    return content if isinstance(content, list) else [{"type": "text", "text": content}]


def _has_no_prompt(prompt: Message, answer: Message | None) -> bool:
    """Whether an answer stands without a prompt, as at the beginning of what another program wrote."""
    return answer is not None and not (prompt.text or prompt.attachments or prompt.tool_results)


def _chat_prompt(prompt: Message) -> Turns:
    if prompt.tool_results:
        return [
            {"role": Role.TOOL.value, "tool_call_id": result.call_id, "content": result.content}
            for result in prompt.tool_results
        ]
    text = append_text_files(prompt.text, prompt.attachments)
    images = [attachment for attachment in prompt.attachments if attachment.is_image]
    if not images:
        return [{"role": Role.USER.value, "content": text}]
    parts: list[dict[str, object]] = [{"type": "text", "text": text}] if text else []
    parts += [{"type": "image_url", "image_url": {"url": _data_url(image)}} for image in images]
    return [{"role": Role.USER.value, "content": parts}]


def _chat_answer(answer: Message, results: Message | None) -> Turns:
    message: dict[str, object] = {"role": Role.ASSISTANT.value, "content": answer.text or answer.refusal}
    if calls := _answered_calls(answer, results):
        message["content"] = message["content"] or None
        message["tool_calls"] = list(map(_chat_call, calls))
    return [message]


def _chat_call(call: ToolCall) -> dict[str, object]:
    if call.type == "custom":
        return {"id": call.id, "type": "custom", "custom": {"name": call.name, "input": call.arguments}}
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": call.id, "type": "function", "function": function}


def _messages_prompt(prompt: Message) -> dict[str, object]:
    if prompt.tool_results:
        results: list[dict[str, object]] = [
            {
                "type": "tool_result",
                "tool_use_id": result.call_id,
                "content": result.content,
                **({"is_error": True} if result.is_error else {}),
            }
            for result in prompt.tool_results
        ]
        return {"role": Role.USER.value, "content": results}
    text = append_text_files(prompt.text, prompt.attachments)
    images = [attachment for attachment in prompt.attachments if attachment.is_image]
    if not images:
        return {"role": Role.USER.value, "content": text}
    blocks: list[dict[str, object]] = [
        {
            "type": "image",
            "source": {"type": "base64", "media_type": image.media_type, "data": image.data},
        }
        for image in images
    ]
    return {
        "role": Role.USER.value,
        "content": [*blocks, *([{"type": "text", "text": text}] if text else [])],
    }


def _messages_answer(answer: Message, results: Message | None, model: str | None) -> str | list[object]:
    calls = _answered_calls(answer, results)
    own = answer.dialect is Dialect.MESSAGES and answer.blocks and answer.model == model
    if own and _is_paused(answer, model):
        return list(answer.blocks)
    if own and answer.ending is not None and answer.ending.whole and bool(calls) == bool(answer.tool_calls):
        return list(answer.blocks)
    text = answer.text or answer.refusal
    if not calls:
        return text
    content: list[object] = [{"type": "text", "text": text}] if text else []
    return [*content, *map(_tool_use, calls)]


def _tool_use(call: ToolCall) -> dict[str, object]:
    try:
        arguments = {"input": call.arguments} if call.type == "custom" else json.loads(call.arguments or "{}")
    except ValueError:
        arguments = {}
    given = arguments if isinstance(arguments, Mapping) else {"value": arguments}
    return {"type": "tool_use", "id": call.id, "name": call.name, "input": given}


def _answered_calls(answer: Message, results: Message | None) -> list[ToolCall]:
    answered = {result.call_id for result in results.tool_results} if results is not None else set()
    return [call for call in answer.tool_calls if call.id in answered]


def _data_url(image: Attachment) -> str:
    return f"data:{image.media_type};base64,{image.data}"


def _fenced(file: Attachment) -> str:
    """A file's text in a fence longer than any of its own."""
    longest = max((len(run) for run in re.findall("`+", file.data)), default=0)
    fence = "`" * max(_MIN_FENCE_LENGTH, longest + 1)
    return f"{file.name}:\n{fence}\n{file.data.rstrip()}\n{fence}"
