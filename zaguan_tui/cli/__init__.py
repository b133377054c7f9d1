"""The command line: parser, and one file a command, each imported only when it runs."""
