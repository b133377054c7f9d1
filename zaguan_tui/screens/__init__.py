"""The rooms: one module or folder a screen, each built on first visit."""
