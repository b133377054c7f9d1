"""Models: the joined catalogue and virtual models."""
