"""Credits as living state: balance, prices, cost estimates, receipts."""
