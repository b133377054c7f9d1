"""Requests for code: a fenced block in the language asked for, with a word before and after."""

from __future__ import annotations

import re

from zaguan_tui.sandbox.data.knowledge import programs
from zaguan_tui.sandbox.engine.text.prompt import Prompt
from zaguan_tui.sandbox.engine.text.sentence_deck import deck
from zaguan_tui.sandbox.engine.text.vendor_style import closing, opening

_ASKING = re.compile(
    r"\b(?:code|function|program|script|snippet|implement|"
    r"class|method|regex|query|one-liner|algorithm|component)\b",
    re.I,
)
_VERB = re.compile(
    r"\b(?:write|show|give|create|make|build|how (?:do|to|can)|example|implement|generate|in)\b", re.I
)
_TAGS = (
    "python javascript typescript rust java bash sql html "
    "ruby cpp csharp kotlin swift css php haskell zig lua"
    " elixir yaml toml"
)
_NAMES = {tag: tag for tag in _TAGS.split()} | {
    "py": "python",
    "js": "javascript",
    "node": "javascript",
    "ts": "typescript",
    "golang": "go",
    "shell": "bash",
    "sh": "bash",
    "postgres": "sql",
    "c++": "cpp",
    "c#": "csharp",
}
_TASK_ONLY = re.compile(r"\b(?:fizzbuzz|fibonacci|quicksort|hello world|palindrome)\b", re.I)


_CAMEL = frozenset({"javascript", "typescript", "go", "java", "kotlin", "swift", "csharp"})
_NO_PART_OF_A_NAME = frozenset(_NAMES) | {
    "a",
    "an",
    "the",
    "in",
    "to",
    "of",
    "that",
    "for",
    "function",
    "program",
    "script",
}


def language_of(text: str) -> str | None:
    """The programming language a request names, as its fence tag."""
    if re.search(r"\b(?:in|using|a) Go\b|\bGo (?:code|program|function)\b", text, re.I):
        return "go"
    if re.search(r"\bin C\b(?![+#])|\bC (?:code|program|function)\b", text):
        return "c"
    for word in re.findall(r"[a-z+#]+", text.casefold()):
        if word in _NAMES:
            return _NAMES[word]
    return None


def code(prompt: Prompt) -> str | None:
    """A program for the task named, in the language named (Python unless another one is)."""
    language = language_of(prompt.text)
    task_only = _TASK_ONLY.search(prompt.text)
    wanted = bool(_ASKING.search(prompt.text) and (_VERB.search(prompt.text) or language)) or bool(task_only)
    if not wanted and not (
        language and re.match(r"\W*(?:write|show|give|create|implement)\b", prompt.text, re.I)
    ):
        return None
    tag = language or "python"
    source = program(prompt, tag)
    note = deck(prompt.rng, "shapes", "code_notes").draw()
    return f"{opening(prompt)}\n\n```{tag}\n{source.strip()}\n```\n\n{note} {closing(prompt)}"


def program(prompt: Prompt, language: str) -> str:
    """The source for the task in the request: a kept one, else a small skeleton that says what it is for."""
    known = programs()
    words = set(re.findall(r"\w+", prompt.lowered))
    for task, triggers in known.words.items():
        if words & set(triggers) and language in known.sources[task]:
            return known.sources[task][language]
    return skeleton(prompt.topic, language)


def skeleton(topic: str, language: str) -> str:
    """A start in any language: the task as a comment over a function of that language's shape."""
    words = [word for word in re.findall(r"[a-z0-9]+", topic.casefold()) if word not in _NO_PART_OF_A_NAME]
    name = "_".join(words[-3:]) or "solve"
    name = f"do_{name}" if name[0].isdigit() else name
    if language in _CAMEL:
        name = re.sub(r"_(\w)", lambda letter: letter[1].upper(), name)
    known = programs().skeletons
    return known.get(language, known["other"]).replace("{name}", name).replace("{topic}", topic)
