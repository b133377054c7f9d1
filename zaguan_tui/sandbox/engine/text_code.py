"""Requests for code: a fenced block in the language asked for, with a word before and after."""

from __future__ import annotations

import re

from zaguan_tui.sandbox.data.lore import programs
from zaguan_tui.sandbox.engine.text_prompt import Prompt
from zaguan_tui.sandbox.engine.text_voice import closing, opening

_ASKING = re.compile(
    r"\b(?:code|function|program|script|snippet|implement|class|method|regex|query|one-liner|algorithm|component)\b",
    re.I,
)
_VERB = re.compile(
    r"\b(?:write|show|give|create|make|build|how (?:do|to|can)|example|implement|generate|in)\b", re.I
)
_NAMES = {
    "python": "python", "py": "python", "javascript": "javascript", "js": "javascript", "node": "javascript",
    "typescript": "typescript", "ts": "typescript", "golang": "go", "rust": "rust", "java": "java",
    "bash": "bash", "shell": "bash", "sh": "bash", "sql": "sql", "postgres": "sql", "html": "html", "ruby": "ruby",
    "c++": "cpp", "cpp": "cpp", "c#": "csharp", "kotlin": "kotlin", "swift": "swift", "css": "css", "php": "php",
    "haskell": "haskell", "zig": "zig", "lua": "lua", "elixir": "elixir", "yaml": "yaml", "toml": "toml",
}  # fmt: skip
_TASK_ONLY = re.compile(r"\b(?:fizzbuzz|fibonacci|quicksort|hello world|palindrome)\b", re.I)
_COMMENTS = {
    "sql": "--",
    "haskell": "--",
    "lua": "--",
    "bash": "#",
    "ruby": "#",
    "elixir": "#",
    "yaml": "#",
    "toml": "#",
}
_NOTES = (
    "It needs nothing beyond the standard library.",
    "The interesting line is the one in the middle; the rest is ceremony.",
    "Run it as it is, then change one thing and see what breaks.",
    "Edge cases worth a test: empty input, one element, very long input.",
)


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
    note = prompt.rng.choice(_NOTES)
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
    name = "_".join(re.findall(r"[a-z0-9]+", topic.casefold())[-3:]) or "solve"
    name = f"do_{name}" if name[0].isdigit() else name
    camel = re.sub(r"_(\w)", lambda m: m[1].upper(), name)
    bodies = {
        "python": f'def {name}(data: list[str]) -> dict[str, int]:\n    """{topic}."""\n    counts: dict[str, int] = {{}}\n'
        "    for item in data:\n        counts[item] = counts.get(item, 0) + 1\n    return counts",
        "javascript": f"export function {camel}(data) {{\n  return data.filter(Boolean).map((item) => item.trim());\n}}",
        "typescript": f"export function {camel}(data: string[]): string[] {{\n  return data.filter(Boolean).map((item) => item.trim());\n}}",
        "go": f"func {camel}(data []string) map[string]int {{\n\tcounts := make(map[string]int)\n\tfor _, item := range data {{\n\t\tcounts[item]++\n\t}}\n\treturn counts\n}}",
        "rust": f"fn {name}(data: &[String]) -> usize {{\n    data.iter().filter(|item| !item.is_empty()).count()\n}}",
        "sql": "SELECT   category, COUNT(*) AS n\nFROM     items\nGROUP BY category\nORDER BY n DESC;",
        "bash": f"{name}() {{\n  local input=$1\n  sort \"$input\" | uniq --count\n}}",
        "html": f"<section>\n  <h1>{topic}</h1>\n  <p>A paragraph to start from.</p>\n</section>",
        "css": ".card {\n  display: grid;\n  gap: 1rem;\n  padding: 1rem;\n  border-radius: 0.5rem;\n}",
        "yaml": f"name: {name}\nsteps:\n  - run: echo hello",
        "toml": f'name = "{name}"\nenabled = true',
    }  # fmt: skip
    body = bodies.get(language, f"function {camel}(data) {{\n  return data;\n}}")
    mark = _COMMENTS.get(language, "//")
    if language in ("python", "html", "css"):
        return body
    return f"{mark} {topic}\n{body}"
