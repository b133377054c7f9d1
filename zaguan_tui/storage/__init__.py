"""Storage: one SQLite file, one connection, and a table class for each kind of row.

This layer knows rows, not meanings: the stores in ``state`` turn rows into conversations and series.
"""
