"""The text engine: plausible, varied answers, the same for the same seed, model and conversation.

Nothing is looked up and nothing leaves the machine. Every skill looks at the request and either answers or
passes; the first answer counts, and the last skill never passes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.text import exact as text_exact
from zaguan_tui.sandbox.engine.text import explain as text_explain
from zaguan_tui.sandbox.engine.text import memory as text_memory
from zaguan_tui.sandbox.engine.text import prose as text_prose
from zaguan_tui.sandbox.engine.text import structured as text_shapes
from zaguan_tui.sandbox.engine.text.code import code
from zaguan_tui.sandbox.engine.text.languages import spoken_to
from zaguan_tui.sandbox.engine.text.prompt import Prompt, read_prompt
from zaguan_tui.sandbox.engine.text.sandbox_models import subject_answer
from zaguan_tui.sandbox.engine.text.thinking import think
from zaguan_tui.sandbox.engine.text.tokens import count_message_tokens, count_tokens, pieces

__all__ = ["Answer", "answer", "count_message_tokens", "count_tokens"]

Skill = Callable[[Prompt], str | None]

_BRIEF = re.compile(r"\b(?:brief(?:ly)?|concise|short answers?|one (?:sentence|word)|terse)\b", re.IGNORECASE)
_WANTS_MORE = re.compile(
    r"\?|\b(?:explain|describe|tell|teach|write|discuss|summari[sz]e|how|why|what|who|about|more|overview)\b",
    re.IGNORECASE,
)
_SHORT_WORDS = 6
"""A request of up to so many words that asks for no explanation gets one paragraph."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model says, in token-like pieces that keep their blanks: joined they are the text."""

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
    said = _say(prompt)
    reasoning = pieces(think(prompt, said)) if model.reasoning else ()
    text = pieces(said)
    limits = [limit for limit in (max_tokens, model.max_output or None) if limit is not None]
    limit = max(0, min(limits)) if limits else len(reasoning) + len(text)
    kept = reasoning[:limit]
    remaining = limit - len(kept)
    cut = len(reasoning) + len(text) > limit
    return Answer(kept, text[:remaining], "length" if cut else "stop")


def _say(prompt: Prompt) -> str:
    said = next(filter(lambda words: words is not None, (skill(prompt) for skill in _SKILLS)), None)
    if said is None:
        said = text_explain.explain(prompt)
        if _BRIEF.search(f"{prompt.system}\n{prompt.text}") or _is_short(prompt):
            said = _first_paragraph(said)
    return said


def _is_short(prompt: Prompt) -> bool:
    few = len(prompt.text.split()) <= _SHORT_WORDS
    return few and not _WANTS_MORE.search(prompt.text) and not prompt.is_follow_up


def _nothing_asked(prompt: Prompt) -> str | None:
    if prompt.text or prompt.images or prompt.sounds:
        return None
    return (
        "I'm listening. Ask me anything, or try `list 5 ideas`, "
        "`explain circuit breakers`, or `write a haiku about latency`."
    )


def _senses(prompt: Prompt) -> str | None:
    if not prompt.images and not prompt.sounds:
        return None
    kinds = [(prompt.images, "picture"), (prompt.sounds, "recording")]
    given = " and ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in kinds if n)
    return (
        f"Thank you for the {given}. The sandbox counts what it is given "
        f"(the usage below includes it) but has no eyes and no ears: "
        f"a real model behind a real gateway would now say something about “{prompt.topic}”."
    )


def _first_paragraph(text: str) -> str:
    blocks = [block for block in text.split("\n\n") if not block.startswith("#")]
    return blocks[1] if len(blocks) > 1 else blocks[0]


_SKILLS: tuple[Skill, ...] = (
    subject_answer,
    _nothing_asked,
    _senses,
    text_exact.repeat,
    text_memory.introduction,
    text_memory.own_name,
    text_memory.asked_before,
    text_memory.recap,
    text_exact.count,
    text_exact.letters,
    text_exact.rearrange,
    text_exact.translate,
    text_exact.capital,
    text_explain.compare,
    text_shapes.json_answer,
    text_shapes.table,
    code,
    text_exact.arithmetic,
    text_shapes.numbered_list,
    text_explain.identity,
    text_prose.letter,
    text_prose.poem,
    text_prose.story,
    text_prose.essay,
    text_explain.joke,
    text_explain.helps,
    text_explain.how_to,
    text_explain.greeting,
    text_explain.manners,
    spoken_to,
)
