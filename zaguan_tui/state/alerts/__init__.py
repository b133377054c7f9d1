"""Alerts: detection of changes, the log, and digests."""
