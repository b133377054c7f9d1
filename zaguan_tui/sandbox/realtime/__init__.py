"""Realtime sessions over WebSocket (wire.md 7); loaded by the first caller who wants one."""
