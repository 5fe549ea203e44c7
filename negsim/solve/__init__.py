"""All runs of a scenario at once: exact probabilities, and what they rest on."""
