"""The endpoint catalogue as data: one row a call, declared beside the typed method."""
