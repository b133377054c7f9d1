"""Text generator of the sandbox, and values that fit a JSON schema."""
