"""The rooms, driven by Pilot: on a gateway of plain objects and a stepped clock, or on the real sandbox."""
