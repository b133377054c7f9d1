"""Conversations out of what other programs wrote, or this one."""
