"""What two or more screens share. A widget gets values, never a store."""
