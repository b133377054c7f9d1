"""Conversation history: search, rename, delete, export, import."""
