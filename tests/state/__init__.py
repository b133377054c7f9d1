"""The living state, tested on a stepped clock with a gateway made of plain objects."""
