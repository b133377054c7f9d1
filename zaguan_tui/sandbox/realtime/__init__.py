"""Realtime sessions over WebSocket (wire.md 7); imported by the first session."""
