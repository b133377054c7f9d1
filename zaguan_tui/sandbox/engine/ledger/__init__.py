"""Ledger of the sandbox: schema, history, sums, prices, stored objects."""
