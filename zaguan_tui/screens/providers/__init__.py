"""The providers screen: health, failures, latency, breakers."""
