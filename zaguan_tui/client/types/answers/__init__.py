"""Response types of chat, messages, embeddings, images, audio and moderations."""
