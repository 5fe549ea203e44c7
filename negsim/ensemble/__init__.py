"""Many futures by sampling: ensembles, sweeps, and which reading decides."""
