"""Which reading decides: in how many runs, and what each other option of a reading changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from negsim.ensemble.sample.intervals import MeanShare, certain, mean_share
from negsim.ensemble.sample.places import ALONE, Places, places, size_between
from negsim.ensemble.sample.sample import CellResult, Sample
from negsim.ensemble.sample.setting_change import SettingChange
from negsim.errors import UsageError
from negsim.scenario.held import taken_otherwise


@attrs.frozen
class SettingEffect:
    """What taking another option of one reading changes, seed by seed, all else left as it is.

    `reading` is that of one holder (`fulfilment.russia`) or of all (`fulfilment`), where it is held.

    `places` are those that the reading can have in the order of all, as far as the intervals tell.
    """

    reading: str
    option: str
    cell: CellResult
    change: SettingChange
    places: Places = ALONE

    def size(self, outcome: str | None) -> float:
        """How much: of an outcome's share, up or down; else the share of runs that end otherwise."""
        found = self.change.changed.share if outcome is None else self.change.outcomes[outcome].difference
        return abs(found or 0.0)

    def interval(self, outcome: str | None) -> tuple[float, float]:
        """Between which ends this size lies, by its 95 % interval."""
        found = self.change.changed if outcome is None else self.change.outcomes[outcome]
        return size_between(found.low, found.high)


def effects(sample: Sample, outcome: str | None = None) -> list[SettingEffect]:
    """The effects of readings that were varied one at a time, the reading with the largest first.

    Options of a reading stand together, in the order of the file. Raises `UsageError` where readings
    were not varied so.
    """
    if not sample.is_one_at_a_time:
        hint = "ask with `readings=each`"
        raise UsageError("the result does not vary readings one at a time", hint, settings=("readings=each",))
    found: dict[str, list[SettingEffect]] = {}
    for cell in sample.cells[1:]:
        taken = taken_otherwise(sample.scenario, cell.cell.readings)
        if taken is not None and cell.against_base is not None:
            reading, option = taken
            found.setdefault(reading, []).append(SettingEffect(reading, option, cell, cell.against_base))
    order = sorted(found.values(), key=lambda each: -max(effect.size(outcome) for effect in each))
    known = places([_largest([effect.interval(outcome) for effect in each]) for each in order])
    return [attrs.evolve(effect, places=those) for each, those in zip(order, known, strict=True) for effect in each]


def _largest(intervals: list[tuple[float, float]]) -> tuple[float, float]:
    """Between which ends the largest of some sizes lies."""
    return max(low for low, _ in intervals), max(high for _, high in intervals)


def order_of(found: Iterable[SettingEffect]) -> dict[str, Places]:
    """The places of each reading, in the order of some effects."""
    return {effect.reading: effect.places for effect in found}


def deciding_places(found: Mapping[str, MeanShare]) -> dict[str, Places]:
    """The places of readings that decide so much, as far as the intervals tell."""
    return dict(zip(found, places([(each.low, each.high) for each in found.values()]), strict=True))


def deciding(sample: Sample, outcome: str | None = None) -> dict[str, MeanShare]:
    """How much each reading decides that was varied, the most deciding first.

    The share of runs, over all seeds and all settings of the rest, that do not end alike under all options of
    the reading which were run; with an outcome, that end so under some of them and not under others.
    """
    found = {name: _decided(sample, name, outcome) for name in sample.varied if name in sample.scenario.readings}
    known = [(name, share) for name, share in found.items() if share is not None]
    return dict(sorted(known, key=lambda each: -(each[1].share or 0.0)))


def _decided(sample: Sample, reading: str, outcome: str | None) -> MeanShare | None:
    """The share; nothing where no two cells differ in this reading alone."""
    groups: dict[tuple[float | str, ...], list[int]] = {}
    rest = [name for name in sample.varied if name != reading]
    for cell in sample.cells:
        groups.setdefault(tuple(cell.settings[name] for name in rest), []).append(cell.number)
    compared = [cells for cells in groups.values() if len(cells) > 1]
    if not compared:
        return None
    runs = min(sample.cells[number].runs for cells in compared for number in cells)
    differing = sum(_differing(sample, cells, outcome, runs=runs) for cells in compared)
    found = mean_share(differing / len(compared), runs)
    return found if sample.is_drawn else certain(found)


def _differing(sample: Sample, cells: list[int], outcome: str | None, *, runs: int) -> int:
    """How many seeds do not end alike in all of some cells; with an outcome, so in some and not so in others."""
    import numpy as np  # noqa: PLC0415 - loaded where it is used

    ends = [np.asarray(sample.file.outcomes_in_order(cell, runs=runs)) for cell in cells]
    if outcome is not None:
        ends = [each == sample.file.shape.place(outcome) for each in ends]
    first, *others = ends
    return int(np.logical_or.reduce([first != other for other in others]).sum())
