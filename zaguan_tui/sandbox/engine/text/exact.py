"""Responders with one right answer: echo, count, arithmetic, letters, sort, reverse, translate, summarize."""

from __future__ import annotations

import re

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
_LARGER = re.compile(
    r"\b(?:larger|bigger|greater|higher|(smaller|less|lower))\b\D{0,30}?"
    r"(-?\d+(?:\.\d+)?)\s*(?:or|and|than)\s*(-?\d+(?:\.\d+)?)",
    re.I,
)
_TRANSLATE = re.compile(
    r"(?:translate|how (?:do you|to) say)\s+[\"“']?(.+?)[\"”']?\s+(?:in|into|to)\s+([a-z]+)", re.I
)
_SUMMARIZE = re.compile(
    r"^\W*(?:please )?(?:summari[sz]e|sum up|tl;?dr)\b[^:\n]{0,80}[:\n]\s*(.{40,})", re.I | re.S
)
_SORT = re.compile(r"^\s*(?:please )?sort(?: these| this list| the words)?\s*[:：]\s*(.+)", re.I | re.S)
_REVERSE = re.compile(r"^\s*(?:please )?(?:reverse|spell backwards)\s*[:：]\s*(.+)", re.I | re.S)
_SENTENCE = re.compile(r"[^.!?\n]{3,300}[.!?]?")
_MAX_COUNT = 10_000
_SUMMARY_POINTS = 5
_LANGUAGES = ("french", "spanish", "german", "italian", "japanese", "chinese")
_PHRASES = {
    "hello": ("Bonjour", "Hola", "Hallo", "Ciao", "こんにちは", "你好"),
    "good morning": ("Bonjour", "Buenos días", "Guten Morgen", "Buongiorno", "おはようございます", "早上好"),
    "thank you": ("Merci", "Gracias", "Danke", "Grazie", "ありがとうございます", "谢谢"),
    "goodbye": ("Au revoir", "Adiós", "Auf Wiedersehen", "Arrivederci", "さようなら", "再见"),
}


def repeat(prompt: Prompt) -> str | None:
    """`repeat: …` repeats exactly what follows, `say hello` the words."""
    quoted = _REPEAT.match(prompt.whole) or _SAY.match(prompt.text)
    if quoted:
        return quoted[1].strip()
    words = _SAY_WORDS.match(prompt.text)
    return words[1][:1].upper() + words[1][1:] if words else None


def count(prompt: Prompt) -> str | None:
    """`count to 50` gives the numbers, ten in a line."""
    match = _COUNT.search(prompt.text)
    if not match:
        return None
    first, last = int((match[1] or "1")[:9]), int(match[2][:9])
    numbers = [str(n) for n in range(first, min(last, first + _MAX_COUNT - 1) + 1)]
    return ",\n".join(", ".join(numbers[i : i + 10]) for i in range(0, len(numbers), 10)) + "."


def calculate(prompt: Prompt) -> str | None:
    """Arithmetic, and which of two numbers is larger."""
    pair = _LARGER.search(prompt.text)
    if pair:
        low, high = sorted((pair[2], pair[3]), key=float)
        word, first, second = ("smaller", low, high) if pair[1] else ("larger", high, low)
        return f"**{first}** is {word} than {second}."
    solution = solve(prompt.text)
    if solution is None:
        return None
    expression, result = solution
    if result == "undefined":
        return f"{expression} is **undefined**: there is no division by zero."
    return f"{expression} {'' if result.startswith('≈') else '= '}**{result}**"


def letters(prompt: Prompt) -> str | None:
    """`how many r in strawberry`."""
    match = _LETTERS.search(prompt.text)
    if not match:
        return None
    letter, word = match[1].lower(), match[2]
    marked = "".join(f"**{sign}**" if sign.lower() == letter else sign for sign in word)
    times = word.lower().count(letter)
    return f"There {'is' if times == 1 else 'are'} **{times}** “{letter}” in {marked}."


def translate(prompt: Prompt) -> str | None:
    """A few phrases in a few languages; any other text is repeated under the language's name."""
    match = _TRANSLATE.search(prompt.text)
    if not match:
        return None
    phrase, language = match[1].strip(" .!?\"'“”"), match[2].casefold()
    words = _PHRASES.get(phrase.casefold())
    if words and language in _LANGUAGES:
        return f"**{words[_LANGUAGES.index(language)]}** ({language.title()} for “{phrase}”)"
    return (
        f"**{language.title()}:** “{phrase}”\n\nThe sandbox has no dictionary for this text; it is repeated."
    )


def summarize(prompt: Prompt) -> str | None:
    """`summarize: …`: the length of the text that follows and the first sentences of its parts."""
    match = _SUMMARIZE.match(prompt.whole)
    if not match:
        return None
    text = match[1].strip()
    sentences = [sentence.strip() for sentence in _SENTENCE.findall(text[:20_000])]
    step = max(1, len(sentences) // _SUMMARY_POINTS)
    points = "\n".join(f"- {sentence}" for sentence in sentences[::step][:_SUMMARY_POINTS])
    return f"Summary of {len(text.split())} words:\n\n{points}"


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
