"""Recording of a session into a file, and its replay without a network."""
