"""Providers: joined rows, breaker history, stored history."""
