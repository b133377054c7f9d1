"""Images, sound, embeddings and moderation of the sandbox."""
