"""Data of the sandbox: providers and models (`world/`), and texts of the text engine (`answers/`)."""
