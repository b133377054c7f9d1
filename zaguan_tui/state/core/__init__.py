"""Stores, pollers, clock, rate governor, series and error sentences: what every subject is built from."""
