"""The typed methods of the client, one module per section of the catalogue."""
