"""Chat requests and answers of the sandbox in both dialects."""
