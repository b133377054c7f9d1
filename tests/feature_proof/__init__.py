"""One more screen in a folder of its own: of the program, only the tuple of features knows of it."""
