"""Skills that answer in a shape: numbered lists, tables, JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from zaguan_tui.sandbox.data.knowledge import phrases
from zaguan_tui.sandbox.engine.text.prompt import Prompt
from zaguan_tui.sandbox.engine.text.sentence_deck import deck
from zaguan_tui.sandbox.engine.text.vendor_style import closing, opening

_NUMBERS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "a dozen": 12, "fifteen": 15, "twenty": 20, "fifty": 50, "a hundred": 100,
}  # fmt: skip
_HOW_MANY = rf"(\d{{1,5}}|{'|'.join(_NUMBERS)})"
_LIST = re.compile(
    rf"\b(?:list|give me|name|write|suggest|tell me|show(?: me)?|"
    rf"enumerate|what are|top)\s+(?:me\s+)?(?:the\s+)?(?:top\s+)?"
    rf"{_HOW_MANY}\s+(?!words?\b|paragraphs?\b|sentences?\b|lines? of code)([^.?!\n]{{2,80}})",
    re.IGNORECASE,
)
_PLAIN_LIST = re.compile(
    r"\b(?:list|bullet points?)\b(?:\s+(?:of|about|some|the|a few))*\s+([^.?!\n]{2,80})", re.IGNORECASE
)
_TABLE = re.compile(r"\b(?:table|tabular|spreadsheet)\b", re.IGNORECASE)
_COLUMNS = re.compile(
    r"columns?\s*[:：]?\s*([\w \-]+(?:,\s*[\w \-]+)+(?:,?\s+and\s+[\w \-]+)?)", re.IGNORECASE
)
_ROWS = re.compile(rf"\b{_HOW_MANY}\s+rows?\b", re.IGNORECASE)
_OF_MANY = re.compile(rf"\b(?:of|with|comparing|for)\s+(?:the\s+)?{_HOW_MANY}\b", re.IGNORECASE)
_JSON = re.compile(r"\bjson\b", re.IGNORECASE)
_KEYS = re.compile(
    r"(?:keys?|fields?|properties)\s*[:：]?\s*([\w\"'`]+(?:\s*,\s*[\w\"'`]+)*(?:,?\s+and\s+[\w\"'`]+)?)", re.I
)
_MAX_ITEMS = 2000


def number_of(word: str) -> int:
    """A count as digits or as an English word."""
    return min(int(word), _MAX_ITEMS) if word.isdigit() else _NUMBERS[word.casefold()]


def members(prompt: Prompt, subject: str, wanted: int) -> list[str]:
    """`wanted` different items on `subject`: known members first, numbered variations once those run out."""
    words = re.findall(r"\w+", subject.casefold())
    known = phrases().lists
    name = next(
        (key for word in words for key in (word, f"{word}s", f"{word[:-1]}ies") if key in known), None
    )
    if name == "planets":
        return list(known[name][:wanted]) + [f"Exoplanet {i}" for i in range(1, wanted - 7)]
    if name:
        pool = list(known[name])
        prompt.rng.shuffle(pool)
        return [
            pool[i % len(pool)] + (f" {i // len(pool) + 1}" if i >= len(pool) else "") for i in range(wanted)
        ]
    angles = deck(prompt.rng, "shapes", "angles")
    singular = _singular(subject)
    return [f"**{singular} {i + 1}** – {angles.draw()}" for i in range(wanted)]


def numbered_list(prompt: Prompt) -> str | None:
    """`list 7 fruits` gives seven numbered items, no more and no fewer."""
    found = _LIST.search(prompt.text)
    if found:
        wanted, subject = max(1, number_of(found[1])), found[2].strip()
        items = members(prompt, subject, wanted)
        head = f"{opening(prompt)} {wanted} {subject}:" if wanted > 1 else opening(prompt)
        return f"{head}\n\n" + "\n".join(f"{i}. {item}" for i, item in enumerate(items, 1))
    plain = _PLAIN_LIST.search(prompt.text)
    if not plain:
        return None
    items = members(prompt, plain[1].strip(), prompt.rng.randint(5, 7))
    return f"{opening(prompt)}\n\n" + "\n".join(f"- {item}" for item in items) + f"\n\n{closing(prompt)}"


def table(prompt: Prompt) -> str | None:
    """A Markdown table, with the columns and the number of rows asked for."""
    if not _TABLE.search(prompt.text):
        return None
    named = _COLUMNS.search(prompt.text)
    columns = _words(named[1]) if named else ["Name", "What it is good for", "Effort", "Score"]
    asked = _ROWS.search(prompt.text) or _OF_MANY.search(prompt.text)
    rows = max(1, number_of(asked[1])) if asked else prompt.rng.randint(4, 6)
    subject = (
        re.sub(r"\b(?:with|having|columns?|rows?)\b.*$", "", prompt.topic, flags=re.IGNORECASE).strip()
        or "options"
    )
    names = [item.replace("**", "").split(" – ")[0] for item in members(prompt, subject, rows)]
    lines = [_row(columns), _row([":---", *("---:" if _numeric(c) else ":---" for c in columns[1:])])]
    lines += [_row([name, *(_cell(prompt, column) for column in columns[1:])]) for name in names]
    return f"{opening(prompt)}\n\n" + "\n".join(lines) + f"\n\n{closing(prompt)}"


def json_answer(prompt: Prompt) -> str | None:
    """A JSON document, fenced unless the request wants nothing else around it."""
    asked = prompt.text if _JSON.search(prompt.text) else ""
    only = re.search(
        r"\b(?:only|just|nothing but|raw|valid)\b[^.\n]*\bjson\b|\bjson\b[^.\n]*\bonly\b",
        prompt.text + "\n" + prompt.system,
        re.I,
    )
    if not asked and not (only and _JSON.search(prompt.system)):
        return None
    keys = _KEYS.search(prompt.text)
    names = _words(keys[1]) if keys else ["title", "summary", "tags", "score", "done"]
    count = _LIST.search(prompt.text)
    one = [
        {name: _value(prompt, name) for name in names}
        for _ in range(max(1, number_of(count[1])) if count else 1)
    ]
    document = json.dumps(one if count else one[0], indent=2, ensure_ascii=False)
    return document if only else f"{opening(prompt)}\n\n```json\n{document}\n```"


def _words(text: str) -> list[str]:
    parts = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", text.strip())
    return [part.strip(" \"'`") for part in parts if part.strip(" \"'`")]


def _singular(subject: str) -> str:
    head = re.split(r"\b(?:about|for|of|on|to|in|with|that|which)\b", subject)[0].strip() or subject
    return head[:1].upper() + (head[1:-1] if head.endswith("s") and not head.endswith("ss") else head[1:])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _numeric(column: str) -> bool:
    return bool(
        re.search(r"score|price|cost|year|size|count|number|rank|population|age|tokens|ms|%", column, re.I)
    )


def _cell(prompt: Prompt, column: str) -> str:
    rng = prompt.rng
    if re.search(r"year|born|founded", column, re.I):
        return str(rng.randint(1890, 2025))
    if re.search(r"price|cost", column, re.I):
        return f"${rng.uniform(1, 90):.2f}"
    if re.search(r"population", column, re.I):
        return f"{rng.randint(90, 9000) * 10_000 + rng.randint(0, 9999):,}"
    if _numeric(column):
        return str(rng.randint(1, 100))
    if re.search(r"effort|level|size|difficulty", column, re.I):
        return rng.choice(["low", "medium", "high"])
    return deck(rng, "shapes", "angles").draw()


def _value(prompt: Prompt, name: str) -> object:
    rng, lowered = prompt.rng, name.casefold()
    if re.search(r"^(is|has)_|done|active|enabled|valid", lowered):
        return rng.random() < 0.5
    if re.search(r"tags|items|list|keywords", lowered):
        return rng.sample(["gateway", "latency", "tokens", "cost", "routing", "health"], 3)
    if re.search(r"age|count|score|number|year|id$|quantity", lowered):
        return rng.randint(1, 99)
    if re.search(r"price|cost|rate|temperature|confidence", lowered):
        return round(rng.uniform(0, 10), 2)
    if "name" in lowered or "author" in lowered:
        return rng.choice(phrases().lists["names"])
    if "city" in lowered or "place" in lowered:
        return rng.choice(phrases().lists["cities"])
    if "title" in lowered or "topic" in lowered:
        return prompt.topic
    if "date" in lowered or lowered.endswith("_at"):
        return f"2026-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    if "email" in lowered:
        return "ada@example.com"
    return deck(rng, "shapes", "angles").draw()
