"""Themes, style sheets and contrast."""
