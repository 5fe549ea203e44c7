"""The deal space of talks: who can live with what, and what must move for a deal to exist."""
