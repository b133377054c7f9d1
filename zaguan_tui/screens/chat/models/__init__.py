"""Model lines and the model picker of chat screens."""
