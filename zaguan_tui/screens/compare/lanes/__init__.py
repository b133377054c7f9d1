"""Lanes of the compare screen: one answer each, side by side or below each other."""
