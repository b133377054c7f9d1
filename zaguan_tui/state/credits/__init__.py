"""Credits: balance, prices, cost estimates, receipts."""
