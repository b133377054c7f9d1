"""What a model says to a question: thoughts, text or tool calls, cut where a limit or a stop text cuts it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

from zaguan_tui.sandbox.data import ModelData
from zaguan_tui.sandbox.engine.question import Question
from zaguan_tui.sandbox.engine.seeds import stream

STOP, LENGTH, CALLS, STOP_TEXT = "stop", "length", "tool_calls", "stop_sequence"
_FENCED = re.compile(r"```json\n(.*?)\n```", re.S)


@dataclass(frozen=True, slots=True)
class SaidCall:
    """One tool call; ``arguments`` are the pieces of a JSON text, or of a custom tool's own input."""

    id: str
    name: str
    arguments: tuple[str, ...]
    custom: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One answer in token pieces, reasoning first; ``ending`` is one of the constants above."""

    reasoning: tuple[str, ...]
    text: tuple[str, ...]
    calls: tuple[SaidCall, ...]
    ending: str
    stop: str | None = None
    """The stop text that ended it."""

    @property
    def pieces(self) -> int:
        """Tokens altogether."""
        return len(self.reasoning) + len(self.text) + sum(len(call.arguments) for call in self.calls)


def prompt_tokens(question: Question) -> int:
    """The stated estimate of the prompt's tokens, by the text engine's rule."""
    from zaguan_tui.sandbox.engine.text import count_message_tokens, count_tokens

    return count_message_tokens(question.messages) + count_tokens(question.overhead())


def generate(question: Question, model: ModelData, seed: int) -> Said:
    """Answer ``question`` as ``model``; the same for the same seed, model and conversation."""
    from zaguan_tui.sandbox.engine.prompt_schema import with_described_form
    from zaguan_tui.sandbox.engine.text import answer
    from zaguan_tui.sandbox.engine.tool_use import fresh_results

    question = with_described_form(question, model)
    limit = min(question.max_tokens or model.max_output, model.max_output) or None
    speaker = model if question.thinks else replace(model, reasoning=False)
    plain = question.form is None and not question.tools.tools and not fresh_results(question.messages)
    given = answer(question.messages, model=speaker, seed=seed, max_tokens=limit if plain else None)
    if plain:
        kept, stopped = _until_stop(given.text, question.stop)
        return Said(given.reasoning, kept, (), STOP_TEXT if stopped else given.finish, stopped)
    return _cut(
        _shaped(question, model, seed, Said(given.reasoning, given.text, (), STOP)), limit, question.stop
    )


def _shaped(question: Question, model: ModelData, seed: int, said: Said) -> Said:
    """The answer as tools or a form want it."""
    from zaguan_tui.sandbox.engine.prompt_schema import without_objects
    from zaguan_tui.sandbox.engine.text_prompt import read_prompt, topic_of
    from zaguan_tui.sandbox.engine.text_tokens import pieces
    from zaguan_tui.sandbox.engine.tool_use import (
        chosen_tools,
        fresh_results,
        input_for,
        last_request,
        report,
    )

    prompt = read_prompt(question.messages, model, seed)
    rng = stream(seed, "shape", model.id, prompt.whole)
    results = fresh_results(question.messages)
    text, topic = without_objects(prompt.text), prompt.topic
    if results:
        request = without_objects(last_request(question.messages))
        text, topic = "\n".join([request, *(one.text for one in results)]), topic_of(request)
    tools = chosen_tools(question, text, after_results=bool(results))
    if tools:
        filled = [input_for(tool, rng, text, topic) for tool in tools]
        calls = tuple(
            SaidCall(f"{rng.getrandbits(96):024x}", tool.name, pieces(words), tool.custom)
            for tool, words in zip(tools, filled, strict=True)
        )
        return Said(said.reasoning, (), calls, CALLS)
    if question.form is not None:
        words = _json_text(question, rng.getrandbits(32), "".join(said.text), text, topic)
        return replace(said, text=pieces(words))
    return replace(said, text=pieces(report(results))) if results else said


def _json_text(question: Question, seed: int, said: str, text: str, topic: str) -> str:
    from zaguan_tui.sandbox.engine.schema_values import Filler

    schema = question.form.schema if question.form is not None else None
    if schema is not None:
        return json.dumps(Filler(schema, stream(seed), text, topic).fill(), ensure_ascii=False)
    fenced = _FENCED.search(said)
    try:
        found = json.loads(fenced[1] if fenced else said)
    except ValueError:
        found = {"answer": said}
    return json.dumps(found if isinstance(found, dict) else {"items": found}, ensure_ascii=False, indent=2)


def _cut(said: Said, limit: int | None, stops: tuple[str, ...]) -> Said:
    """What a stop text and the limit leave; a cut tool call keeps its broken JSON, as providers send it."""
    text, stopped = _until_stop(said.text, stops)
    said = replace(said, text=text, ending=STOP_TEXT if stopped else said.ending, stop=stopped)
    if limit is None or said.pieces <= limit:
        return said
    room = limit - len(said.reasoning)
    calls = []
    for call in said.calls:
        if room > 0:
            calls.append(replace(call, arguments=call.arguments[:room]))
        room -= len(call.arguments)
    reasoning = said.reasoning[:limit]
    return Said(reasoning, said.text[: max(0, limit - len(reasoning))], tuple(calls), LENGTH)


def _until_stop(pieces: tuple[str, ...], stops: tuple[str, ...]) -> tuple[tuple[str, ...], str | None]:
    """The pieces before the first stop text, and which one it was."""
    text = "".join(pieces) if stops else ""
    found = min(((place, stop) for stop in stops if (place := text.find(stop)) >= 0), default=None)
    if found is None:
        return pieces, None
    kept: list[str] = []
    room = found[0]
    for piece in pieces:
        if room <= 0:
            break
        kept.append(piece[:room])
        room -= len(piece)
    return tuple(kept), found[1]
