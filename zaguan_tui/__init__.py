"""The terminal control room for the Zaguan CoreX LLM gateway."""

__version__ = "0.1.0"
