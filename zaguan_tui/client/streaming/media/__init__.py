"""Streams of media calls and runs: audio, images, assistants."""
