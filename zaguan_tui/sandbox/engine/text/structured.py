"""Answer in a structure: numbered lists, tables, comparisons, JSON documents."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from zaguan_tui.sandbox.engine.schema.values import SchemaFiller
from zaguan_tui.sandbox.engine.text.prompt import Prompt, capitalize, topic_of
from zaguan_tui.sandbox.engine.text.prose import explanation_of, sentences

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
_ONE = re.compile(r"^\W*name (?:me )?an? (\w+)\W*$", re.IGNORECASE)
_TABLE = re.compile(r"\b(?:table|tabular|spreadsheet)\b", re.IGNORECASE)
_COLUMNS = re.compile(
    r"columns?\s*[:：]?\s*([\w \-]+(?:,\s*[\w \-]+)+(?:,?\s+and\s+[\w \-]+)?)", re.IGNORECASE
)
_ROWS = re.compile(rf"\b{_HOW_MANY}\s+rows?\b", re.IGNORECASE)
_OF_MANY = re.compile(rf"\b(?:of|with|comparing|for)\s+(?:the\s+)?{_HOW_MANY}\b", re.IGNORECASE)
_AFTER_SUBJECT = re.compile(r"\b(?:with|having|columns?|rows?)\b.*$", re.IGNORECASE)
_COMPARE = re.compile(
    r"\b(?:compare|difference between|differences between)\s+(.+?)\s+(?:and|with|to|vs\.?|"
    r"versus)\s+([^?.!\n]+)|(\S[^?.!\n]*?)\s+(?:vs\.?|versus)\s+([^?.!\n]+)",
    re.I,
)
_JSON = re.compile(r"\bjson\b", re.IGNORECASE)
_ONLY_JSON = re.compile(
    r"\b(?:only|just|nothing but|raw|valid)\b[^.\n]*\bjson\b|\bjson\b[^.\n]*\bonly\b", re.I
)
_KEYS = re.compile(
    r"(?:keys?|fields?|properties)\s*[:：]?\s*([\w\"'`]+(?:\s*,\s*[\w\"'`]+)*(?:,?\s+and\s+[\w\"'`]+)?)", re.I
)
_TYPES = (
    ("boolean", re.compile(r"^(?:is|has)_|done|active|enabled|valid", re.I)),
    ("array", re.compile(r"tags|items|list|keywords", re.I)),
    (
        "integer",
        re.compile(r"age$|count|score|number|year|born|rank|size|population|tokens|quantity|ms$", re.I),
    ),
    ("number", re.compile(r"price|cost|rate|temperature|confidence|%", re.I)),
)
_KNOWN_TEXT = re.compile(r"name|author|city|date|_at$|email|url|id$|title|topic", re.I)
_MEMBERS = {
    "fruits": "apple, pear, fig, peach, plum, cherry, mango, papaya, orange, grape, kiwi, melon",
    "colours": "red, orange, yellow, green, teal, blue, indigo, violet, pink, brown, white, black",
    "animals": "otter, heron, lynx, tapir, gecko, raven, ibex, badger, swift, octopus, whale, hare",
    "countries": "France, Spain, Japan, Kenya, Norway, Brazil, India, Canada, Egypt, Greece, Mexico, Finland",
    "cities": "Lisbon, Kyoto, Oslo, Lima, Tbilisi, Montréal, Hanoi, Trieste, Nairobi, Porto, Busan, Zagreb",
    "languages": "Python, Go, Rust, TypeScript, Haskell, Zig, Elixir, Kotlin, OCaml, Julia, C, Lua",
    "names": "Ada, Bruno, Clara, Daniel, Emma, Felix, Greta, Hugo, Ines, Jonas, Kira, Leon",
}
_MAX_ITEMS = 2000


def members(prompt: Prompt, subject: str, count: int) -> list[str]:
    """`wanted` different items on `subject`: known members first, then numbered ones."""
    words = set(re.findall(r"\w+", subject.casefold().replace("color", "colour")))
    pool_text = next((text for name, text in _MEMBERS.items() if words & {name, _singular(name)}), None)
    if pool_text:
        pool = pool_text.split(", ")
        prompt.rng.shuffle(pool)
        return [
            pool[i % len(pool)] + (f" {i // len(pool) + 1}" if i >= len(pool) else "") for i in range(count)
        ]
    head, *tail = re.split(r"\b(?:about|for|of|on|to|in|with|that|which)\b", subject, maxsplit=1)
    lines = sentences(prompt.rng, tail[0].strip() if tail else subject)
    item = capitalize(_singular(head.strip() or subject))
    return [f"**{item} {i + 1}:** {next(lines)}" for i in range(count)]


def list_answer(prompt: Prompt) -> str | None:
    """`list 7 fruits` gives seven numbered items; `name a fruit` gives one."""
    single = _ONE.match(prompt.text)
    if single and _singular(single[1]) == single[1]:
        return capitalize(members(prompt, single[1], 1)[0]) + "."
    match = _LIST.search(prompt.text)
    if match:
        count, subject = max(1, _number_of(match[1])), match[2].strip()
        items = members(prompt, subject, count)
        return f"{count} {subject}:\n\n" + "\n".join(f"{i}. {item}" for i, item in enumerate(items, 1))
    plain = _PLAIN_LIST.search(prompt.text)
    if not plain:
        return None
    items = members(prompt, plain[1].strip(), prompt.rng.randint(5, 7))
    return f"{capitalize(plain[1].strip())}:\n\n" + "\n".join(f"- {item}" for item in items)


def table(prompt: Prompt) -> str | None:
    """A Markdown table with the columns and the number of rows of the request."""
    if not _TABLE.search(prompt.text):
        return None
    columns_text = _COLUMNS.search(prompt.text)
    columns = _split_words(columns_text[1]) if columns_text else ["Name", "Description", "Score"]
    rows_text = _ROWS.search(prompt.text) or _OF_MANY.search(prompt.text)
    count = max(1, _number_of(rows_text[1])) if rows_text else prompt.rng.randint(4, 6)
    subject = _AFTER_SUBJECT.sub("", prompt.topic).strip() or "options"
    names = [name.replace("**", "").split(":")[0] for name in members(prompt, subject, count)]
    rows = [[name, *(str(_value(prompt, column, name)) for column in columns[1:])] for name in names]
    return f"{capitalize(subject)}:\n\n{markdown_table(columns, rows)}"


def compare(prompt: Prompt) -> str | None:
    """`X vs Y`: a table with what is known of both."""
    match = _COMPARE.search(prompt.text)
    if not match:
        return None
    pair = [topic_of(side) for side in (match[1] or match[3], match[2] or match[4])]
    texts = [explanation_of(topic).partition("\n")[0] for topic in pair]
    rows = [
        [aspect, *(next(sentences(prompt.rng, topic, aspect)) for topic in pair)]
        for aspect in ("Definition", "Purpose", "Cost", "Limit")
    ]
    rows[0][1:] = [text or cell for text, cell in zip(texts, rows[0][1:], strict=True)]
    title = capitalize(" and ".join(pair))
    return f"## {title}\n\n{markdown_table(['', *pair], rows)}\n\n**Result:** the purpose decides."


def json_answer(prompt: Prompt) -> str | None:
    """A JSON document, fenced unless the request wants nothing else around it."""
    only = _ONLY_JSON.search(f"{prompt.text}\n{prompt.system}")
    if not _JSON.search(prompt.text) and not (only and _JSON.search(prompt.system)):
        return None
    keys = _KEYS.search(prompt.text)
    names = _split_words(keys[1]) if keys else ["title", "summary", "tags", "score", "done"]
    count = _LIST.search(prompt.text)
    records = [
        {name: _value(prompt, name) for name in names} for _ in range(_number_of(count[1]) if count else 1)
    ]
    document = json.dumps(records if count else records[0], indent=2, ensure_ascii=False)
    return document if only else f"```json\n{document}\n```"


def markdown_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; columns of numbers are aligned to the right."""
    rules = [":---", *("---:" if _type_of(name) in ("integer", "number") else ":---" for name in columns[1:])]
    cells = [[cell.replace("|", "\\|") for cell in row] for row in (columns, *rows)]
    lines = ["| " + " | ".join(row) + " |" for row in (cells[0], rules, *cells[1:])]
    return "\n".join(lines).replace("|  |", "| |", 1)


def _number_of(word: str) -> int:
    return min(int(word), _MAX_ITEMS) if word.isdigit() else _NUMBERS[word.casefold()]


def _split_words(text: str) -> list[str]:
    parts = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", text.strip())
    return [part.strip(" \"'`") for part in parts if part.strip(" \"'`")]


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _type_of(name: str) -> str:
    return next((kind for kind, pattern in _TYPES if pattern.search(name)), "string")


def _value(prompt: Prompt, name: str, owner: str = "") -> object:
    kind = _type_of(name)
    if kind == "string" and not _KNOWN_TEXT.search(name):
        return f"{capitalize(name)} of {owner}" if owner else f"{name} of {prompt.topic}"
    words = re.findall(r"\w{3,}", prompt.topic)[:3] or ["first", "second"]
    return SchemaFiller({"type": kind, "items": {"enum": words}}, prompt.rng, "", prompt.topic).fill(name)
