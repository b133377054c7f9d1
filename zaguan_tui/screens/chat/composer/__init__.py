"""What stands round the prompt: files, the editor outside, what is kept, and what a send would cost."""
