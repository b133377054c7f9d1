"""Realtime: a text session over the WebSocket, with its event log."""
