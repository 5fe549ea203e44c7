"""Which reading decides: what each other option of a reading changes, readings with the greatest effect first."""

from __future__ import annotations

import attrs

from negsim.errors import UsageError
from negsim.explore.result import CellResult, Change, Result


@attrs.frozen
class Effect:
    """What taking another option of one reading changes, seed by seed, all else left as it is."""

    reading: str
    option: str
    cell: CellResult
    change: Change

    def size(self, outcome: str | None) -> float:
        """How much: of an outcome's share, up or down; else the share of runs that end otherwise."""
        found = self.change.changed.share if outcome is None else self.change.outcomes[outcome].difference
        return abs(found or 0.0)


def effects(result: Result, outcome: str | None = None) -> list[Effect]:
    """The effects of readings that were varied one at a time, the reading with the largest first.

    Options of a reading stand together, in the order of the file. Raises `UsageError` where readings
    were not varied so.
    """
    if not result.is_one_at_a_time:
        raise UsageError("the result does not vary readings one at a time", "ask with --readings each")
    found: dict[str, list[Effect]] = {}
    for cell in result.cells[1:]:
        ((reading, option),) = cell.cell.readings.items()
        if cell.against_base is not None:
            found.setdefault(reading, []).append(Effect(reading, option, cell, cell.against_base))
    order = sorted(found.values(), key=lambda each: -max(effect.size(outcome) for effect in each))
    return [effect for each in order for effect in each]
