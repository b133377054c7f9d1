"""Generate an answer: reasoning, text or tool calls, cut at the token limit or a stop text."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.chat.model_exchange import (
    CALLS,
    LENGTH,
    STOP,
    STOP_TEXT,
    GeneratedAnswer,
    GeneratedCall,
    ModelRequest,
)
from zaguan_tui.sandbox.engine.chat.tool_use import (
    answer_from_results,
    choose_tools,
    find_new_results,
    input_for,
    last_request,
)
from zaguan_tui.sandbox.engine.schema.prompt import with_described_form, without_objects
from zaguan_tui.sandbox.engine.schema.values import SchemaFiller
from zaguan_tui.sandbox.engine.seeds import stream
from zaguan_tui.sandbox.engine.text.engine import answer
from zaguan_tui.sandbox.engine.text.prompt import read_prompt, topic_of
from zaguan_tui.sandbox.engine.text.tokens import pieces

_FENCED = re.compile(r"```json\n(.*?)\n```", re.S)


def generate(question: ModelRequest, model: ModelData, seed: int) -> GeneratedAnswer:
    """Answer ``question`` as ``model``; the same for the same seed, model and conversation."""
    question = with_described_form(question, model)
    limit = min(question.max_tokens or model.max_output, model.max_output) or None
    speaker = model if question.thinks else replace(model, reasoning=False)
    plain = question.form is None and not question.tools.tools and not find_new_results(question.messages)
    plain_answer = answer(question.messages, model=speaker, seed=seed, max_tokens=limit if plain else None)
    if plain:
        kept_pieces, stopped = _until_stop(plain_answer.text, question.stop)
        return GeneratedAnswer(
            plain_answer.reasoning, kept_pieces, (), STOP_TEXT if stopped else plain_answer.finish, stopped
        )
    return _cut(
        _apply_form(
            question, model, seed, GeneratedAnswer(plain_answer.reasoning, plain_answer.text, (), STOP)
        ),
        limit,
        question.stop,
    )


def _apply_form(
    question: ModelRequest, model: ModelData, seed: int, generated: GeneratedAnswer
) -> GeneratedAnswer:
    """The answer as tools or a form want it."""
    prompt = read_prompt(question.messages, model, seed)
    rng = stream(seed, "shape", model.id, prompt.whole)
    results = find_new_results(question.messages)
    text, topic = without_objects(prompt.text), prompt.topic
    if results:
        request = without_objects(last_request(question.messages))
        text, topic = "\n".join([request, *(result.text for result in results)]), topic_of(request)
    tools = choose_tools(question, text, after_results=bool(results))
    if tools:
        filled = [input_for(tool, rng, text, topic) for tool in tools]
        calls = tuple(
            GeneratedCall(f"{rng.getrandbits(96):024x}", tool.name, pieces(words), tool.custom)
            for tool, words in zip(tools, filled, strict=True)
        )
        return GeneratedAnswer(generated.reasoning, (), calls, CALLS)
    if question.form is not None:
        words = _json_text(question, rng.getrandbits(32), "".join(generated.text), text, topic)
        return replace(generated, text=pieces(words))
    return replace(generated, text=pieces(answer_from_results(results))) if results else generated


def _json_text(question: ModelRequest, seed: int, generated: str, text: str, topic: str) -> str:
    schema = question.form.schema if question.form is not None else None
    if schema is not None:
        return json.dumps(SchemaFiller(schema, stream(seed), text, topic).fill(), ensure_ascii=False)
    fenced = _FENCED.search(generated)
    try:
        document = json.loads(fenced[1] if fenced else generated)
    except ValueError:
        document = {"answer": generated}
    return json.dumps(
        document if isinstance(document, dict) else {"items": document}, ensure_ascii=False, indent=2
    )


def _cut(generated: GeneratedAnswer, limit: int | None, stops: tuple[str, ...]) -> GeneratedAnswer:
    """What a stop text and the limit leave; a cut tool call keeps its broken JSON, as providers send it."""
    text, stopped = _until_stop(generated.text, stops)
    generated = replace(generated, text=text, ending=STOP_TEXT if stopped else generated.ending, stop=stopped)
    if limit is None or generated.pieces <= limit:
        return generated
    remaining = limit - len(generated.reasoning)
    calls = []
    for call in generated.calls:
        if remaining > 0:
            calls.append(replace(call, arguments=call.arguments[:remaining]))
        remaining -= len(call.arguments)
    reasoning = generated.reasoning[:limit]
    return GeneratedAnswer(reasoning, generated.text[: max(0, limit - len(reasoning))], tuple(calls), LENGTH)


def _until_stop(pieces: tuple[str, ...], stops: tuple[str, ...]) -> tuple[tuple[str, ...], str | None]:
    """The pieces before the first stop text, and which one it was."""
    text = "".join(pieces) if stops else ""
    first_stop = min(((place, stop) for stop in stops if (place := text.find(stop)) >= 0), default=None)
    if first_stop is None:
        return pieces, None
    kept_pieces: list[str] = []
    remaining = first_stop[0]
    for piece in pieces:
        if remaining <= 0:
            break
        kept_pieces.append(piece[:remaining])
        remaining -= len(piece)
    return tuple(kept_pieces), first_stop[1]
