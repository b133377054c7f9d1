"""Endpoints of files, batches and fine-tuning jobs."""
