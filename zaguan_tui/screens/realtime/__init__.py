"""The realtime view of the playground: a text session over the WebSocket, watched event by event."""
