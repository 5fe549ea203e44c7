"""The deal space of talks: who can live with what, and what must move for a deal to exist."""

from negsim.door import make_callable

make_callable(__name__, "negsim.deal.analysis")
