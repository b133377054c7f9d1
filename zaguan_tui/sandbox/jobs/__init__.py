"""Jobs of the sandbox: batches, fine-tuning, runs, and their background work."""
