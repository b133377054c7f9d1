"""What is remembered: one SQLite file, one connection, and one small table class for each kind of thing.

This layer knows rows, not meanings: the stores in ``state`` turn rows into conversations and series.
"""
