"""Models as living state: the joined catalogue and virtual models."""
