"""Moderation scores from a word list."""

from __future__ import annotations

import re
from collections.abc import Mapping

from zaguan_tui.sandbox.engine.seeds import stream

CATEGORIES = (
    "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent",
    "self-harm", "self-harm/intent", "self-harm/instructions", "sexual", "sexual/minors", "violence",
    "violence/graphic",
)  # fmt: skip
IMAGE_CATEGORIES = frozenset(
    name for name in CATEGORIES if name.startswith(("self-harm", "sexual", "violence"))
)
FLAGGED_FROM = 0.5
_WORDS: Mapping[str, str] = {
    "harassment": r"idiots?|stupid|loser|moron|shut up|worthless|pathetic",
    "harassment/threatening": r"(?:i(?:'ll| will)|going to) (?:hurt|find|kill|beat|destroy) (?:you|him|her)",
    "hate": r"hate (?:all|those|these) \w+|inferior race|subhuman",
    "hate/threatening": r"(?:kill|exterminate|get rid of) (?:all|those|these) \w+",
    "illicit": r"steal|shoplift|counterfeit|launder|pick a lock|hack into|forge",
    "illicit/violent": r"(?:make|build) (?:a |an )?(?:bomb|explosive|weapon)",
    "self-harm": r"hurt myself|kill myself|suicide|cut myself|end my life",
    "self-harm/intent": r"(?:want|going|plan) to (?:die|kill myself|end my life|hurt myself)",
    "self-harm/instructions": r"how (?:to|do i) (?:kill myself|end my life|cut myself)",
    "sexual": r"porn\w*|erotic\w*|explicit sex|nudes?",
    "violence": r"kill\w*|murder\w*|stab\w*|shoot\w*|attack\w*|beat \w+ up|bomb",
    "violence/graphic": r"gore|blood everywhere|dismember\w*|decapitat\w*|guts",
}
_PATTERNS = {name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for name, words in _WORDS.items()}


def scores(text: str) -> dict[str, float]:
    """A score from 0 to 1 for every category; the same text always gets the same."""
    scores_ = {}
    for name in CATEGORIES:
        rng = stream(0, "moderation", name, text)
        pattern = _PATTERNS.get(name)
        hits = len(pattern.findall(text)) if pattern is not None else 0
        quiet = 10 ** rng.uniform(-6.5, -3.2)
        scores_[name] = min(0.999, 0.62 + 0.12 * hits + 0.1 * rng.random()) if hits else quiet
    return scores_
