"""Providers of the sandbox: routing, breakers, faults, health, traffic."""
