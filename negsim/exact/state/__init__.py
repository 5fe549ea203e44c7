"""What there is between two turns, as states and as crowds write it."""
