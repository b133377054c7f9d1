"""The name that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like ``word``, or ``None`` when none is like it enough to be worth naming."""
    import difflib  # here: only needed when something is already wrong

    by_lower = {candidate.lower(): candidate for candidate in candidates}
    if not word:
        return None
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.55)
    if not close:
        close = [name for name in by_lower if len(word) >= 3 and name.startswith(word.lower())][:1]
    return by_lower[close[0]] if close else None


def suggest_name(word: str, candidates: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: the nearest one, or all of them when none is near."""
    names = tuple(candidates)
    near = nearest(word, names)
    if near is not None:
        return f"did you mean {near}?"
    return f"choose from {', '.join(names)}." if names else "there are none."
