"""What a reasoning model thinks before it answers."""

from __future__ import annotations

from zaguan_tui.sandbox.engine.text_prompt import Prompt
from zaguan_tui.sandbox.engine.text_tokens import count_tokens

_FIRST = (
    "The user wants to know about {t}.", "Okay, the question is about {t}.", "Let me read that again: {t}.", "So, {t}. What exactly is being asked?",
)  # fmt: skip
_MIDDLE = (
    "The obvious answer is probably right, but let me check it from the other end.", "A short answer first, then the reason, then where it stops being true.",
    "I should not assume more than was said.", "If I were asked this by a beginner I'd start with an example.", "Is there a trap in the wording? I don't think so.",
    "Two readings are possible; the everyday one is more likely.", "Let me test it on a small case. Yes, that holds.", "Headings would help here, and one table at most.",
    "Wait, does that still hold at the edges? Empty, one, many... it does.", "No need to show every step; the result and one check are enough.",
)  # fmt: skip
_LAST = (
    "Good. I'll write it plainly.",
    "That settles it; time to answer.",
    "Enough thought: the answer follows.",
)
_THINKER_SENTENCES = 60


def think(prompt: Prompt, answer: str) -> str:
    """A few sentences about the request, more for a long one; the sandbox's thinker goes on for a page."""
    rng = prompt.rng
    long = prompt.model.id == "sandbox/thinker"
    steps = _THINKER_SENTENCES if long else rng.randint(2, 4) + min(3, len(prompt.text) // 400)
    sentences = [rng.choice(_FIRST).replace("{t}", prompt.topic)]
    if prompt.name:
        sentences.append(f"Their name is {prompt.name}; I can use it.")
    if prompt.earlier:
        sentences.append(f"This is turn {len(prompt.earlier) + 1}, so what was said before counts.")
    pool = list(_MIDDLE)
    rng.shuffle(pool)
    sentences += [pool[i % len(pool)] for i in range(steps)]
    sentences.append(f"The answer comes to about {count_tokens(answer)} tokens. {rng.choice(_LAST)}")
    lines = [" ".join(sentences[i : i + 3]) for i in range(0, len(sentences), 3)]
    return "\n\n".join(lines)
