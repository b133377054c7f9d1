"""Response types of batches, fine-tuning jobs and files."""
