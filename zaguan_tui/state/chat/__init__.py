"""Chat turns: requests, the turn runner, parameters, attachments, wire recording."""
