"""The playground: what a model answers through this gateway, how fast, at what cost."""
