"""Realtime sessions over WebSocket: session, events, requests, responses."""
