"""Endpoints of assistants, threads and runs."""
