"""Imports conversations from OpenAI and Anthropic request bodies, and from this program's own export."""
