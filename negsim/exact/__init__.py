"""All runs of a scenario at once: exact probabilities, and the best and worst that choices can do."""
