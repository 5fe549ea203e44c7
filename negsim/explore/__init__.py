"""Many futures by sampling: ensembles, sweeps, and which reading decides."""

from negsim.door import make_callable

make_callable(__name__, "negsim.explore.ensemble")
