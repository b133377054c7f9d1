"""The text engine: answers from templates, the same for the same seed, model and conversation.

It needs no network and no model. Every responder looks at the request and either answers or passes; the first
answer counts, and an explanation of the topic is the last resort.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.text import conversation, exact, prose, structured
from zaguan_tui.sandbox.engine.text.code import code
from zaguan_tui.sandbox.engine.text.languages import answer_in_language
from zaguan_tui.sandbox.engine.text.prompt import Prompt, read_prompt
from zaguan_tui.sandbox.engine.text.sandbox_models import sandbox_model_answer
from zaguan_tui.sandbox.engine.text.tokens import pieces

Responder = Callable[[Prompt], str | None]

_BRIEF = re.compile(r"\b(?:brief(?:ly)?|concise|short answers?|one (?:sentence|word)|terse)\b", re.IGNORECASE)
_WANTS_MORE = re.compile(
    r"\?|\b(?:explain|describe|tell|teach|write|discuss|summari[sz]e|how|why|what|who|about|more|overview)\b",
    re.IGNORECASE,
)
_SHORT_WORDS = 6
"""A request of up to so many words that asks for no explanation gets one paragraph."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in token-like pieces that keep their blanks: joined they are the text."""

    reasoning: tuple[str, ...]
    text: tuple[str, ...]
    finish: Literal["stop", "length"]


def answer(
    messages: Sequence[Mapping[str, object]], *, model: ModelData, seed: int, max_tokens: int | None = None
) -> Answer:
    """Answer the last user message of a conversation in the OpenAI or Anthropic message shape.

    `max_tokens` (and the model's own `max_output`) limit reasoning and text together, reasoning first, as
    providers count them; an answer cut by it has exactly that many pieces and the finish `length`. Odd
    messages never raise.
    """
    prompt = read_prompt(messages, model, seed)
    words = _respond(prompt)
    reasoning = pieces(prose.reason(prompt, words)) if model.reasoning else ()
    text = pieces(words)
    limits = [limit for limit in (max_tokens, model.max_output or None) if limit is not None]
    limit = max(0, min(limits)) if limits else len(reasoning) + len(text)
    cut = len(reasoning) + len(text) > limit
    reasoning = reasoning[:limit]
    return Answer(reasoning, text[: limit - len(reasoning)], "length" if cut else "stop")


def _respond(prompt: Prompt) -> str:
    for responder in _RESPONDERS:
        words = responder(prompt)
        if words is not None:
            return words
    if _BRIEF.search(f"{prompt.system}\n{prompt.text}") or _is_short(prompt):
        return _short_answer(prompt)
    return prose.explain(prompt)


def _is_short(prompt: Prompt) -> bool:
    few = len(prompt.text.split()) <= _SHORT_WORDS
    return few and not _WANTS_MORE.search(prompt.text) and not prompt.is_follow_up


def _short_answer(prompt: Prompt) -> str:
    prepared = prose.explanation_of(prompt.topic)
    if prepared:
        return prepared.partition("\n")[0]
    first = next(prose.sentences(prompt.rng, prompt.topic))
    return f"About **{prompt.topic}**, in short: {first} Ask a question for a longer answer."


def _empty(prompt: Prompt) -> str | None:
    if prompt.text or prompt.images or prompt.recordings:
        return None
    return "The message is empty. Try `list 5 ideas` or `explain circuit breakers`."


def _attachments(prompt: Prompt) -> str | None:
    if not prompt.images and not prompt.recordings:
        return None
    kinds = [(prompt.images, "picture"), (prompt.recordings, "recording")]
    counts = " and ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in kinds if n)
    return (
        f"The message has {counts}. The sandbox counts them in the usage, but does not look into them. "
        f"The question is about “{prompt.topic}”."
    )


_RESPONDERS: tuple[Responder, ...] = (
    sandbox_model_answer,
    _empty,
    _attachments,
    exact.repeat,
    conversation.user_name,
    conversation.earlier_turns,
    exact.count,
    exact.letters,
    exact.rearrange,
    exact.summarize,
    exact.translate,
    structured.compare,
    structured.json_answer,
    structured.table,
    code,
    exact.calculate,
    structured.list_answer,
    conversation.identity,
    prose.letter,
    prose.poem,
    prose.essay,
    conversation.small_talk,
    prose.plan,
    answer_in_language,
)
