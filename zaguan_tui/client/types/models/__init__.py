"""Response types of models, capabilities and virtual models."""
