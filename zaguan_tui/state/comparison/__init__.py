"""Comparisons: one prompt down several lanes, several times, ranked."""
