"""Response types of credits: balance, history, statistics."""
