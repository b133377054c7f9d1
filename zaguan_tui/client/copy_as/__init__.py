"""Requests as code to paste elsewhere: curl, Python and TypeScript."""
