"""JSON schemas of requests: values that fit them, and schemas described in prompts."""
