"""One day of one crowd as a row: the crowds at the next dusk, each with its chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from negsim.exact.state.branches import SURE, Branch, Floats
from negsim.exact.state.codes import Codes
from negsim.exact.state.rows import Row
from negsim.exact.step.crowds import Crowds
from negsim.exact.step.today import today_of


def row(crowds: Crowds, number: int, day: int) -> Row:
    """Where a crowd can be at the dusk of a day, if it was so at the dusk before."""
    branch, today = today_of(crowds.steps, crowds.rests[number], crowds.groups(number), day)
    found = today.flow({branch: SURE}, 0)
    return row_of(crowds, found.ends, found.counted)


def row_of(crowds: Crowds, ends: Mapping[Branch, float], counted: Floats) -> Row:
    """The crowds in which branches end, with their chances."""
    coding = crowds.coding
    sure: dict[int, dict[int, float]] = {}
    pieces: dict[int, list[tuple[Codes, Floats]]] = {}
    for branch, weight in ends.items():
        if branch.is_counted:
            code = coding.of_branch(branch)
            known = sure.setdefault(branch.rest, {})
            known[code] = known.get(code, 0.0) + weight
        else:
            codes, chances = coding.possible(branch)
            pieces.setdefault(branch.rest, []).append((codes, chances * weight))
    for rest, parts in pieces.items():
        known = sure.setdefault(rest, {})
        parts.append((np.array([*known], dtype=coding.dtype), np.array([*known.values()])))
        codes, chances = _added_up(parts)
        sure[rest] = dict(zip(codes.tolist(), chances.tolist(), strict=True))
    numbers = [crowds.number(rest, code) for rest, codes in sure.items() for code in codes]
    weights = [chance for codes in sure.values() for chance in codes.values()]
    return Row(np.array(numbers, dtype=np.int64), np.array(weights), counted)


def _added_up(parts: Sequence[tuple[Codes, Floats]]) -> tuple[Codes, Floats]:
    """Codes, each once, with their chances added up; what has no chance is left out."""
    codes = np.concatenate([codes for codes, _ in parts])
    chances = np.concatenate([chances for _, chances in parts])
    if len(codes) > 1:
        codes, places = np.unique(codes, return_inverse=True)
        chances = np.bincount(places, weights=chances, minlength=len(codes))
    possible = chances > 0
    return codes[possible], chances[possible]
