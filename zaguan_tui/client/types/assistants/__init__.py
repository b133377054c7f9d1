"""Response types of assistants, threads and runs."""
