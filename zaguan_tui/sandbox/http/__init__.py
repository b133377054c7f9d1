"""HTTP layer of the sandbox: application, middleware, bodies, errors, pages, server."""
