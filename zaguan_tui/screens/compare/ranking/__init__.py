"""Ranking of the compared models: controller, lines of text, widget."""
