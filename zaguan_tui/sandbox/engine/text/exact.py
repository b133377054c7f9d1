"""Skills with one right answer: echo, counting, sums, letters, capitals, translations, sorting."""

from __future__ import annotations

import re

from zaguan_tui.sandbox.data.knowledge import phrases
from zaguan_tui.sandbox.engine.text.arithmetic import solve
from zaguan_tui.sandbox.engine.text.prompt import Prompt

_REPEAT = re.compile(
    r"^\s*(?:please\s+)?(?:repeat|echo|say|(?:reply|respond|answer) with)(?: after me| exactly| only| this)?"
    r"\s*[:：]\s*(.+)",
    re.I | re.S,
)
_SAY_WORDS = re.compile(
    r"^\s*(?:please\s+|just\s+)?(?:say|(?:reply|respond|answer) with(?: the (?:single )?word| only)?)\s+"
    r"(?!something|anything|nothing|more|it|that|this|what|your)([\w'’]+(?: (?!in\b)[\w'’]+){0,3})[.!]*\s*$",
    re.I,
)
_SAY = re.compile(r"^\s*(?:please\s+)?(?:repeat|echo|say)(?: after me)?\s+[\"“'](.+)[\"”']\W*$", re.I | re.S)
_COUNT = re.compile(r"\bcount\b.*?\b(?:from\s+(\d+)\s+)?(?:up\s+)?(?:to|until)\s+(\d+)", re.I)
_LETTERS = re.compile(
    r"how many (?:letter )?[\"'“]?(\w)[\"'”]?(?:'?s|e?s)?(?: "
    r"letters?)? (?:are )?(?:there )?in (?:the word )?[\"'“]?(\w+)",
    re.I,
)
_CAPITAL = re.compile(r"capital (?:city )?of (?:the )?([a-z ]+?)\W*$", re.I)
_TRANSLATE = re.compile(
    r"(?:translate|how (?:do you|to) say)\s+[\"“']?(.+?)[\"”']?\s+(?:in|into|to)\s+([a-z]+)", re.I
)
_SORT = re.compile(r"^\s*(?:please )?sort(?: these| this list| the words)?\s*[:：]\s*(.+)", re.I | re.S)
_REVERSE = re.compile(r"^\s*(?:please )?(?:reverse|spell backwards)\s*[:：]\s*(.+)", re.I | re.S)
_MAX_COUNT = 10_000


def repeat(prompt: Prompt) -> str | None:
    """`repeat: …` gives back exactly what follows, `say hello` the words."""
    found = _REPEAT.match(prompt.whole) or _SAY.match(prompt.text)
    if found:
        return found[1].strip()
    words = _SAY_WORDS.match(prompt.text)
    return words[1][:1].upper() + words[1][1:] if words else None


def count(prompt: Prompt) -> str | None:
    """`count to 50` counts, one line of ten numbers after the other."""
    found = _COUNT.search(prompt.text)
    if not found:
        return None
    first, last = int((found[1] or "1")[:9]), int(found[2][:9])
    last = min(last, first + _MAX_COUNT - 1)
    numbers = [str(n) for n in range(first, last + 1)]
    return ",\n".join(", ".join(numbers[i : i + 10]) for i in range(0, len(numbers), 10)) + "."


def arithmetic(prompt: Prompt) -> str | None:
    """Sums, exactly."""
    solved = solve(prompt.text)
    if solved is None:
        return None
    asked, result = solved
    if result == "undefined":
        return f"{asked} is **undefined**: no number times zero gives anything but zero."
    sign = "" if result.startswith("≈") else "= "
    return f"{asked} {sign}**{result}**"


def letters(prompt: Prompt) -> str | None:
    """`how many r in strawberry`, counted rather than guessed."""
    found = _LETTERS.search(prompt.text)
    if not found:
        return None
    letter, word = found[1].lower(), found[2]
    marked = "".join(f"**{c}**" if c.lower() == letter else c for c in word)
    times = word.lower().count(letter)
    return f"There {'is' if times == 1 else 'are'} **{times}** “{letter}” in {marked}."


def capital(prompt: Prompt) -> str | None:
    """Capitals of countries that are known."""
    found = _CAPITAL.search(prompt.text)
    if not found:
        return None
    country = found[1].strip().casefold()
    city = phrases().capitals.get(country)
    shown = found[1].strip().title()
    return (
        f"The capital of {shown} is **{city}**."
        if city
        else f"I don't have the capital of {shown} in my little atlas."
    )


def translate(prompt: Prompt) -> str | None:
    """A few phrases into a few languages."""
    found = _TRANSLATE.search(prompt.text)
    if not found:
        return None
    phrase, language = found[1].strip(" .!?\"'“”").casefold(), found[2].casefold()
    spoken = phrases().translations.get(phrase, {})
    if language in spoken:
        rest = [f"*{name.title()}*: {word}" for name, word in spoken.items() if name != language][:2]
        return f"**{spoken[language]}**\n\nThe same elsewhere: {', '.join(rest)}."
    known = ", ".join(f"“{known}”" for known in phrases().translations)
    return (
        f"My phrase book has no “{found[1].strip()}” in "
        f"{found[2].title()}. It knows {known} in nine languages."
    )


def rearrange(prompt: Prompt) -> str | None:
    """`sort: c, a, b` and `reverse: abc`."""
    sort = _SORT.match(prompt.whole)
    if sort:
        items = [item.strip() for item in re.split(r"[,\n]", sort[1]) if item.strip()]
        numeric = all(re.fullmatch(r"-?\d+(?:\.\d+)?", item) for item in items)
        ordered = sorted(items, key=float) if numeric else sorted(items, key=str.casefold)
        return "\n".join(f"{i}. {item}" for i, item in enumerate(ordered, 1))
    reverse = _REVERSE.match(prompt.whole)
    return reverse[1].strip()[::-1] if reverse else None
