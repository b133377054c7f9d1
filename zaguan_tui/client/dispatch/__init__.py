"""Calls on their way: credentials, options, attempts, retries, rate limits and traces."""
