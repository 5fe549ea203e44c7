"""Storm on a chain that was lumped by hand: it is handed the states and the chances of a day, and counts steps.

A bounded property is that many products of a matrix and a vector for each outcome, in double precision; none of
Storm's solvers, and so none of their precisions, has a part in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import stormpy

from .by_hand_chain import Explicit


def storm_model(chain: Explicit) -> Any:
    """Storm's model of a chain."""
    matrix = chain.matrix
    size = matrix.shape[0]
    builder = stormpy.datastructures.SparseMatrixBuilder[float](size, size, matrix.nnz, True)  # noqa: FBT003
    add = builder.add_next_value
    rows = np.repeat(np.arange(size), np.diff(matrix.indptr))
    for row, column, chance in zip(rows.tolist(), matrix.indices.tolist(), matrix.data.tolist(), strict=True):
        add(row, column, chance)
    labeling = stormpy.models.StateLabeling(size)
    for name, states in {"init": np.zeros(1, dtype=int), **chain.labels}.items():
        labeling.add_label(name)
        labeling.set_states(name, stormpy.datastructures.BitVector(size, states.tolist()))
    parts = stormpy.models.SparseModelComponents[float](transition_matrix=builder.build(), state_labeling=labeling)
    return stormpy.models.SparseDtmc[float](parts)


def storm_outcomes(model: Any, outcomes: Iterable[str], day: int) -> dict[str, float]:
    """The probability of each outcome at the dusk of a day."""
    return {name: _at(model, f'P=? [F[{day},{day}] "{name}"]') for name in outcomes}


def _at(model: Any, formula: str) -> float:
    return float(stormpy.model_checking(model, stormpy.parse_property(formula)).get_value(0))
