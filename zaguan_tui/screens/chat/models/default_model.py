"""Which model a new conversation starts with, when nobody has chosen one yet."""

from __future__ import annotations

from collections.abc import Sequence

from zaguan_tui.state.models.entry import ModelEntry

WELL_KNOWN = ("gpt-4o-mini", "gpt-4.1-mini", "claude-3-5-haiku", "gemini-2.0-flash", "llama-3.3-70b")
"""Small, quick, cheap models that most gateways have; the first one found is taken."""

NOT_FOR_CHAT = (
    *("embed", "whisper", "tts", "dall-e", "image", "moderation", "rerank", "transcribe", "audio"),
    *("flux", "diffusion", "sonic", "sora", "veo-"),
)


def choose_default_model(entries: Sequence[ModelEntry], last_used: str | None = None) -> str | None:
    """The model used last if the gateway still has it, else a well-known small one, else the first that
    chats."""
    ids = {entry.id for entry in entries}
    if last_used in ids:
        return last_used
    usable = [entry for entry in entries if can_chat(entry) and not entry.deprecated]
    for name in WELL_KNOWN:
        matches = [entry.id for entry in usable if name in entry.id]
        if matches:
            return min(matches, key=len)
    return usable[0].id if usable else None


def can_chat(entry: ModelEntry) -> bool:
    """Whether a model seems made for conversation: a guess from its name, never a refusal."""
    name = entry.id.rpartition("/")[2].casefold()
    return not any(word in name for word in NOT_FOR_CHAT)
