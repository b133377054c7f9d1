"""Sheets over a screen that return a result."""
