"""Read a training file: one conversation a line, checked as the providers do."""

from __future__ import annotations

import json
from dataclasses import dataclass

from zaguan_tui.sandbox.engine.text.tokens import count_message_tokens

MIN_EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What a file holds: ``problem`` is ``None`` when it can be trained on."""

    examples: int
    tokens: int
    problem: str | None = None


def read_training_data(data: bytes, form: str = "supervised") -> TrainingData:
    """Check a file; the first line that is wrong is the problem. ``form`` is the method's name."""
    examples, tokens = 0, 0
    for number, raw in enumerate(data.split(b"\n"), 1):
        if not raw.strip():
            continue
        try:
            row = json.loads(raw)
        except (ValueError, RecursionError):
            return TrainingData(examples, tokens, f"Line {number} is not valid JSON.")
        problem = _problem(row, form)
        if problem is not None:
            return TrainingData(examples, tokens, f"Line {number}: {problem}")
        examples += 1
        tokens += count_message_tokens(row["input"]["messages"] if form == "dpo" else row["messages"])
    if examples < MIN_EXAMPLES:
        message_ = f"The training file has {examples} examples, but must have at least {MIN_EXAMPLES}."
        return TrainingData(examples, tokens, message_)
    return TrainingData(examples, tokens)


def _problem(row: object, form: str) -> str | None:
    if form == "dpo":
        row = row.get("input") if isinstance(row, dict) else None
    messages = row.get("messages") if isinstance(row, dict) else None
    if not isinstance(messages, list) or not messages:
        return "'messages' must be a list with at least one message."
    for message in messages:
        if not isinstance(message, dict) or message.get("role") not in (
            "system",
            "user",
            "assistant",
            "tool",
        ):
            return "every message needs a role: system, user, assistant or tool."
        if not isinstance(message.get("content"), str | list) and not message.get("tool_calls"):
            return "every message needs content."
    if form == "supervised" and not any(message["role"] == "assistant" for message in messages):
        return "there is no assistant message to learn from."
    return None
