"""Conversations that are kept: found, renamed, deleted, exported, imported."""
