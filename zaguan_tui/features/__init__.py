"""Features: what the rest of the program needs to know of each screen, as data; imports no Textual."""
