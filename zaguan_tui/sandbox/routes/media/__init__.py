"""Endpoints of images and audio."""
