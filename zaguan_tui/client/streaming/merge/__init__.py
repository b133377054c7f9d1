"""Merging of stream events into one answer, per dialect."""
