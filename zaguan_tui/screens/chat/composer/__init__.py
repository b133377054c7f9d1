"""Parts round the prompt: attachments, external editor, prompt library, cost estimate."""
