"""Comparisons: one prompt sent to several models, several times, ranked."""
