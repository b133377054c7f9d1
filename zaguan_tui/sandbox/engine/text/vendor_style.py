"""Each vendor's family of models has a slight voice of its own."""

from __future__ import annotations

from zaguan_tui.sandbox.data.knowledge import Voice, voices
from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.text.prompt import Prompt


def voice_of(model: ModelData) -> Voice:
    """The first voice with a word in the model's own name, else in its whole id, else the plain one."""
    own = model.id.rsplit("/", 1)[-1].casefold()
    for place in (own, model.id.casefold()):
        for voice in voices():
            if any(word in place for word in voice.match):
                return voice
    return voices()[-1]


def opening(prompt: Prompt) -> str:
    """A phrase to begin with; sometimes it uses the name the user gave."""
    phrase = prompt.rng.choice(voice_of(prompt.model).open)
    if prompt.name and prompt.rng.random() < 0.6:
        return f"{prompt.name}, {phrase[0].lower()}{phrase[1:]}"
    return phrase


def closing(prompt: Prompt) -> str:
    """A phrase to end with."""
    return prompt.rng.choice(voice_of(prompt.model).close)


def hello(prompt: Prompt) -> str:
    """A greeting."""
    return prompt.rng.choice(voice_of(prompt.model).hello)


def in_voice(prompt: Prompt, body: str) -> str:
    """`body` between an opening and a closing phrase."""
    return f"{opening(prompt)}\n\n{body.strip()}\n\n{closing(prompt)}"
