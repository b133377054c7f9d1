"""Providers: health, latency, errors and circuit breakers."""
