"""Behaviour of the models under `sandbox/`, each of which tests one thing of a client."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from zaguan_tui.sandbox.data.answers import page, programs
from zaguan_tui.sandbox.engine.text.hostile import hostile
from zaguan_tui.sandbox.engine.text.prompt import Prompt
from zaguan_tui.sandbox.engine.text.prose import paragraph, sentences
from zaguan_tui.sandbox.engine.text.tokens import count_tokens

FAST_TOKENS = 20_000
_NUMBER = re.compile(r"\b(\d[\d,]{0,6})\b")


def sandbox_model_answer(prompt: Prompt) -> str | None:
    """The answer of a `sandbox/` model; `None` for a model that answers like any other."""
    if prompt.model.provider != "sandbox":
        return None
    behaviour = _BEHAVIOURS.get(prompt.model.id.partition("/")[2])
    return behaviour(prompt) if behaviour else None


def _echo(prompt: Prompt) -> str:
    return prompt.whole or "(the message is empty)"


def _fast(prompt: Prompt) -> str:
    lines = sentences(prompt.rng, "speed")
    stock = [paragraph(lines) for _ in range(40)]
    sizes = [count_tokens(text) + 1 for text in stock]
    parts: list[str] = []
    tokens, limit = 0, _number_in(prompt, FAST_TOKENS)
    while tokens < limit:
        place = len(parts) % len(stock)
        parts.append(stock[place])
        tokens += sizes[place]
    return "\n\n".join(parts)


def _long_list(prompt: Prompt) -> str:
    lines = min(_number_in(prompt, 1000), 10_000)
    return "\n".join(
        f"{i}. line {i} of {lines}, check {(i * 2654435761) % 9973:04d}" for i in range(1, lines + 1)
    )


def _code(prompt: Prompt) -> str:
    blocks: dict[str, str] = {}
    for sources in programs().values():
        blocks = {**sources, **blocks}
    return "\n\n".join(f"```{language}\n{source}\n```" for language, source in blocks.items())


def _vision(prompt: Prompt) -> str:
    return f"I was given {prompt.images} picture{'' if prompt.images == 1 else 's'}."


def _number_in(prompt: Prompt, default: int) -> int:
    match = _NUMBER.search(prompt.text)
    return max(1, int(match[1].replace(",", ""))) if match else default


_BEHAVIOURS: Mapping[str, Callable[[Prompt], str]] = MappingProxyType(
    {
        "echo": _echo,
        "hostile": hostile,
        "fast-1000": _fast,
        "long-list": _long_list,
        "code": _code,
        "markdown": lambda prompt: page("showcase"),
        "silent": lambda prompt: "",
        "polyglot": lambda prompt: page("polyglot"),
        "vision": _vision,
    }
)
