"""What makes the sandbox behave like a gateway: clock, providers, breakers, ledger, traffic, answers."""
