"""Actions: bindings, keymap checks and lists, made from the actions that the features declare."""
