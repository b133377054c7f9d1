"""Sheets of the parameters: the form, JSON values, presets."""
