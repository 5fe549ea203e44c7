"""Cells: the settings under which the same seeds are run."""
