"""The sheets of the parameters: the form, what is written as JSON, the presets."""
