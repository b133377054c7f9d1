"""A Zaguan gateway on the laptop: real HTTP on loopback, served from a seeded world.

It stands alone: nothing here imports the client, the state or the screens, so it cannot share their bugs.
Import the part you need (`config`, `embedded`, `server`); this package itself loads nothing.
"""
