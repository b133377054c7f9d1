"""Lists to their last page, the credits history, and waiting for jobs."""
