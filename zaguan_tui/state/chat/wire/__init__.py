"""What went over the wire for each of the newest answers: every request, and every frame with its moment."""
