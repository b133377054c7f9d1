"""Answer requests for code with a fenced block in the language of the request."""

from __future__ import annotations

import re

from zaguan_tui.sandbox.data.answers import programs
from zaguan_tui.sandbox.engine.text.prompt import Prompt

_CODE = re.compile(
    r"\b(?:code|function|program|script|snippet|implement|"
    r"class|method|regex|query|one-liner|algorithm|component)\b",
    re.I,
)
_VERB = re.compile(
    r"\b(?:write|show|give|create|make|build|how (?:do|to|can)|example|implement|generate|in)\b", re.I
)
_COMMAND = re.compile(r"\W*(?:write|show|give|create|implement)\b", re.I)
_KNOWN_TASK = re.compile(r"\b(?:fizzbuzz|fibonacci|quicksort|hello world|palindrome)\b", re.I)
_GO = re.compile(r"\b(?:in|using|a) Go\b|\bGo (?:code|program|function)\b", re.I)
_C = re.compile(r"\bin C\b(?![+#])|\bC (?:code|program|function)\b")
_LANGUAGES = frozenset(
    {"python", "javascript", "typescript", "rust", "java", "bash", "sql", "html", "ruby", "cpp", "csharp"}
    | {"kotlin", "swift", "css", "php", "haskell", "zig", "lua", "elixir", "yaml", "toml"}
)
_OTHER_NAMES = {
    "py": "python", "js": "javascript", "node": "javascript", "ts": "typescript", "golang": "go",
    "shell": "bash", "sh": "bash", "postgres": "sql", "c++": "cpp", "c#": "csharp",
}  # fmt: skip
_CAMEL = frozenset({"javascript", "typescript", "go", "java"})
_NOT_IN_NAMES = (
    _LANGUAGES
    | _OTHER_NAMES.keys()
    | {"a", "an", "the", "in", "to", "of", "that", "for", "go", "function", "program", "script"}
)


def language_of(text: str) -> str | None:
    """The programming language a request names, as its fence tag."""
    if _GO.search(text):
        return "go"
    if _C.search(text):
        return "c"
    words: list[str] = re.findall(r"[a-z+#]+", text.casefold())
    for word in words:
        if word in _LANGUAGES or word in _OTHER_NAMES:
            return _OTHER_NAMES.get(word, word)
    return None


def code(prompt: Prompt) -> str | None:
    """A program for the task in the request, in the language it names, else in Python."""
    language = language_of(prompt.text)
    wants_code = _CODE.search(prompt.text) and (language or _VERB.search(prompt.text))
    if not (wants_code or _KNOWN_TASK.search(prompt.text) or (language and _COMMAND.match(prompt.text))):
        return None
    tag = language or "python"
    return f"**{prompt.topic}**\n\n```{tag}\n{program(prompt, tag)}\n```"


def program(prompt: Prompt, language: str) -> str:
    """The prepared program for the task, else a function of that language named after the request."""
    words = set(re.findall(r"\w+", prompt.text.casefold()))
    for task, sources in programs().items():
        if words & set(task.split()) and language in sources:
            return sources[language]
    sources = programs()["*"]
    source = sources.get(language, sources["other"])
    return source.replace("{name}", _name_of(prompt.topic, language)).replace("{topic}", prompt.topic)


def _name_of(topic: str, language: str) -> str:
    words = [word for word in re.findall(r"[a-z0-9]+", topic.casefold()) if word not in _NOT_IN_NAMES]
    name = "_".join(words[-3:]) or "solve"
    name = f"do_{name}" if name[0].isdigit() else name
    return re.sub(r"_(\w)", lambda letter: letter[1].upper(), name) if language in _CAMEL else name
