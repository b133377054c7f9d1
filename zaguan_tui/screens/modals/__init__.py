"""Screens that lie over another and give a result back."""
