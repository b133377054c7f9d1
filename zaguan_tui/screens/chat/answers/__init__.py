"""Widgets of an answer: text, reasoning, tool calls, figures, endings."""
