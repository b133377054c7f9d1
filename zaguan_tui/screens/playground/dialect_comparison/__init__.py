"""One prompt in two dialects, side by side."""
