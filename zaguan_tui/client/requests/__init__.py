"""Request bodies of the catalogue: parameters, checks, and files on their way out."""
