"""Skills that look back: names given earlier, what was asked before, what was said."""

from __future__ import annotations

import re

from zaguan_tui.sandbox.engine.text.prompt import Prompt, topic_of

_MY_NAME = re.compile(
    r"\b(?:what(?:'s| is) my name|who am i|do you (?:know|remember) (?:my name|me))\b", re.I
)
_GIVES_NAME = re.compile(r"\b(?:my name is|my name's|call me|i am called)\b", re.I)
_ASKED = re.compile(
    r"\b(?:what did i (?:just )?(?:ask|say|tell)|my (?:first|last|previous) (?:question|message))", re.I
)
_RECAP = re.compile(
    r"\b(?:summari[sz]e|recap|sum up)\b.*\b(?:conversation|chat|so far|discussion|we)\b", re.I
)


def own_name(prompt: Prompt) -> str | None:
    """`what is my name?` after it was given; an honest no before."""
    if not _MY_NAME.search(prompt.text):
        return None
    if prompt.name:
        when = "just now" if prompt.name in prompt.text else "earlier"
        return f"You told me {when}: you're **{prompt.name}**."
    return "You haven't told me your name yet. What should I call you?"


def introduction(prompt: Prompt) -> str | None:
    """A name is given: greet its owner."""
    if not prompt.name or not _GIVES_NAME.search(prompt.text) or len(prompt.text) > 80 or "?" in prompt.text:
        return None
    return (
        f"Nice to meet you, **{prompt.name}**! I'll remember that as long as we talk. What brings you here?"
    )


def asked_before(prompt: Prompt) -> str | None:
    """`what did I ask first?`"""
    if not _ASKED.search(prompt.text):
        return None
    if not prompt.earlier:
        return "This is the first thing you've asked me."
    first = "first" in prompt.lowered
    quoted = prompt.earlier[0 if first else -1].strip().replace("\n", "\n> ")
    return f"Your {'first' if first else 'last'} message was:\n\n> {quoted}"


def recap(prompt: Prompt) -> str | None:
    """A summary of the conversation so far."""
    if not _RECAP.search(prompt.text):
        return None
    if not prompt.earlier:
        return "There is nothing to sum up yet: we've only just begun."
    turns = [f"{i}. You asked about **{topic_of(text)}**" for i, text in enumerate(prompt.earlier, 1)]
    answered = f"I answered {len(prompt.said)} time{'' if len(prompt.said) == 1 else 's'}"
    return (
        f"So far, {len(turns)} turn{'' if len(turns) == 1 else 's'}:\n\n"
        + "\n".join(turns)
        + f"\n\n{answered}."
    )
