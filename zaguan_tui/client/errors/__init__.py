"""The exception tree, and the readers that turn statuses, bodies and httpx exceptions into it."""
