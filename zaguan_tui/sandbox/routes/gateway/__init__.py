"""Endpoints of the gateway itself: capabilities, credits, providers, virtual models, administration."""
