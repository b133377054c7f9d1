"""The models under `sandbox/`: each exists to try one thing on a client."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from zaguan_tui.sandbox.data.knowledge import page, programs
from zaguan_tui.sandbox.engine.text.hostile import hostile
from zaguan_tui.sandbox.engine.text.prompt import Prompt
from zaguan_tui.sandbox.engine.text.prose import Essayist
from zaguan_tui.sandbox.engine.text.tokens import count_tokens

FAST_TOKENS = 20_000
_NUMBER = re.compile(r"\b(\d[\d,]{0,6})\b")


def subject_answer(prompt: Prompt) -> str | None:
    """What a `sandbox/` model says; `None` for a model that answers like any other."""
    if prompt.model.provider != "sandbox":
        return None
    behaviour = _BEHAVIOURS.get(prompt.model.id.partition("/")[2])
    return behaviour(prompt) if behaviour else None


def _echo(prompt: Prompt) -> str:
    return prompt.whole or "(you said nothing)"


def _fast(prompt: Prompt) -> str:
    wanted = _asked_number(prompt, FAST_TOKENS)
    writer = Essayist(prompt.rng, "speed")
    stock = [writer.paragraph() for _ in range(40)]
    sizes = [count_tokens(text) + 1 for text in stock]
    parts: list[str] = []
    total = 0
    while total < wanted:
        turn = len(parts) % len(stock)
        parts.append(stock[turn])
        total += sizes[turn]
    return "\n\n".join(parts)


def _long_list(prompt: Prompt) -> str:
    lines = min(_asked_number(prompt, 1000), 10_000)
    return "\n".join(
        f"{i}. line {i} of {lines}, check {(i * 2654435761) % 9973:04d}" for i in range(1, lines + 1)
    )


def _code(prompt: Prompt) -> str:
    known = programs().sources
    blocks: dict[str, str] = {}
    for sources in known.values():
        for language, source in sources.items():
            blocks.setdefault(language, source)
    return "\n\n".join(f"```{language}\n{source.strip()}\n```" for language, source in blocks.items())


def _vision(prompt: Prompt) -> str:
    return f"I was given {prompt.images} picture{'' if prompt.images == 1 else 's'}."


def _asked_number(prompt: Prompt, default: int) -> int:
    found = _NUMBER.search(prompt.text)
    return max(1, int(found[1].replace(",", ""))) if found else default


_BEHAVIOURS: Mapping[str, Callable[[Prompt], str]] = MappingProxyType(
    {
        "echo": _echo,
        "hostile": hostile,
        "fast-1000": _fast,
        "long-list": _long_list,
        "code": _code,
        "markdown": lambda prompt: page("showcase"),
        "thinker": lambda prompt: f"After all that: **{prompt.topic}** is worth the question.",
        "silent": lambda prompt: "",
        "polyglot": lambda prompt: page("polyglot"),
        "vision": _vision,
    }
)
