"""Screens that lie over a room and give an answer back."""
