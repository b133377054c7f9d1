"""Conversations: storage, search, export, import and undo of deletion."""
