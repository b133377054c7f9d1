"""The core of the state: stores, pollers, clock, rate governor, series, and sentences for errors."""
