"""Realtime sessions: status, turns, event log, audio."""
