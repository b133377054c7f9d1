"""Paths, settings, secrets, and what the command line asks of the app. Standard library and platformdirs
only.
"""
