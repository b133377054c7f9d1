"""Every widget on its own, in an app with nothing else in it."""
