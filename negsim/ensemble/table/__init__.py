"""A result as a table."""
