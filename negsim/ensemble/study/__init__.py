"""What is looked for over many settings, and along a run."""
