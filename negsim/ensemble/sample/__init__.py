"""What the runs in a file say."""
