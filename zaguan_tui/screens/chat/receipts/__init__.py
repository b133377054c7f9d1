"""Receipts: what an answer cost, by the estimate, by the usage, and by the ledger."""
