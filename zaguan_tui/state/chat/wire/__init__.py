"""Wire recording of the newest answers: every request, and every frame with its moment."""
