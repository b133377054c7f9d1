"""Pure functions on text: cleaning, formatting, splitting, matching, filtering.

Standard library only. Nothing here knows of terminals, widgets or the network, so everything can be tested
alone.
"""
