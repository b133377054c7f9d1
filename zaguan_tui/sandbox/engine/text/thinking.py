"""What a reasoning model thinks before it answers."""

from __future__ import annotations

from zaguan_tui.sandbox.engine.text.prompt import Prompt
from zaguan_tui.sandbox.engine.text.sentence_deck import deck, filled
from zaguan_tui.sandbox.engine.text.tokens import count_tokens

_THINKER_SENTENCES = 60


def think(prompt: Prompt, answer: str) -> str:
    """A few sentences about the request, more for a long one; the sandbox's thinker goes on for a page."""
    rng = prompt.rng
    steps = rng.randint(2, 4) + min(3, len(prompt.text) // 400)
    if prompt.model.id == "sandbox/thinker":
        steps = _THINKER_SENTENCES
    sentences = [filled(deck(rng, "thinking", "first").draw(), prompt.topic)]
    if prompt.name:
        sentences.append(f"Their name is {prompt.name}; I can use it.")
    if prompt.earlier:
        sentences.append(f"This is turn {len(prompt.earlier) + 1}, so what was said before counts.")
    middle = deck(rng, "thinking", "middle")
    sentences += [middle.draw() for _ in range(steps)]
    sentences.append(f"The answer comes to about {count_tokens(answer)} tokens.")
    sentences.append(deck(rng, "thinking", "last").draw())
    return "\n\n".join(" ".join(sentences[i : i + 3]) for i in range(0, len(sentences), 3))
