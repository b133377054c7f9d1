"""Providers as living state: joined rows, breaker history, stored history."""
