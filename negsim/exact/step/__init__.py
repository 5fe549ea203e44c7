"""From a dusk to the next."""
