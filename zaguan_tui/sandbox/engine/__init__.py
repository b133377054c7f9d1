"""Simulation of the gateway: clock, providers, breakers, ledger, traffic, answers."""
