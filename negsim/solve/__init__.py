"""All runs of a scenario at once: exact probabilities, and the best and worst that choices can do."""

from negsim.door import make_callable

make_callable(__name__, "negsim.solve.solution")
