"""What a solution is asked, how it is worked out from the steps, and how it is told."""
