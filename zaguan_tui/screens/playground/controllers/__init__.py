"""Controllers of the playground: one plain object for each job of the screen."""
