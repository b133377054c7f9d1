"""The providers room: who is well, who is not, since when, and what the breakers make of it."""
