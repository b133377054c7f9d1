"""From a configured connection to a client, and the probe before its first use."""
