"""What goes round Textual, and that it is still needed."""
