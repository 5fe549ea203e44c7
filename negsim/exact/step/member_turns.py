"""The turns of an orbit's members in the middle of a day, each member by itself, a sort at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs
import numpy as np

from negsim.addition import added
from negsim.exact.state.branches import SURE, Branch, Branches, Floats, Sort, add, compositions, counted_out, tidied
from negsim.exact.step.agenda import Item
from negsim.exact.step.steps import Steps

# A way of a member's turn that changes the rest: its chance, the member's kind before, and which way it is.
Loud = tuple[float, int, int]


@attrs.frozen
class SortTurn:
    """The turn of one sort's members in a branch; `chance` is that of each member's trial."""

    item: Item
    place: int
    branch: Branch
    chance: float


class MemberTurns:
    """The turns of members on one day. What they count is added to the array `counted`."""

    def __init__(self, steps: Steps, counted: Floats) -> None:
        self._steps = steps
        self._counted = counted

    def take(self, come: tuple[Item, Mapping[int, float]], branch: Branch, weight: float, after: Branches) -> None:
        """Takes the turns of an item's members: what can come of them is added to `after`."""
        item, chances = come
        if not branch.is_counted and self._steps.reads_others(item.instance):
            for counted, share in counted_out(branch):
                self.take(come, counted, weight * share, after)
            return
        done: Branches = {branch: weight}
        for place, sort in enumerate(branch.sorts):
            if self._steps.layout.kinds[sort.now[0][0]].orbit != item.orbit:
                continue
            chance = chances.get(sort.tag, 0.0) if item.wait is not None else SURE
            if chance <= 0:
                continue
            going: Branches = {}
            for each, share in done.items():
                for after_it, weighing in self._one_sort(SortTurn(item, place, each, chance), share):
                    add(going, after_it, weighing)
            done = going
        for each, share in done.items():
            add(after, tidied(each), share)

    def _one_sort(self, turn: SortTurn, weight: float) -> Iterator[tuple[Branch, float]]:
        """All members of one sort have their turn."""
        item, place, branch, chance = turn.item, turn.place, turn.branch, turn.chance
        sort = branch.sorts[place]
        quiet: dict[int, float] = {}
        loud: list[Loud] = []
        for kind, share in sort.now:
            ways, counted = self._steps.member_ways(item, kind, branch, place)
            self._counted += weight * sort.size * share * chance * counted
            if chance < SURE:
                quiet[kind] = quiet.get(kind, 0.0) + share * (SURE - chance)
            for number, way in enumerate(ways):
                if way.rest == branch.rest:
                    quiet[way.kind] = quiet.get(way.kind, 0.0) + share * chance * way.chance
                else:
                    loud.append((share * chance * way.chance, kind, number))
        if loud:
            yield from self._loudly(turn, quiet, loud, weight)
            return
        sorts = (*branch.sorts[:place], sort._replace(now=tuple(quiet.items())), *branch.sorts[place + 1 :])
        yield branch._replace(sorts=sorts), weight

    def _loudly(
        self, turn: SortTurn, quiet: Mapping[int, float], loud: Sequence[Loud], weight: float
    ) -> Iterator[tuple[Branch, float]]:
        """Some members' turns change what is everybody's: so many of them do, and the others stay by themselves."""
        branch, place = turn.branch, turn.place
        sort = branch.sorts[place]
        left = added(quiet.values())
        chances = np.array([*(chance for chance, _, _ in loud), left])
        rows, ways = compositions(sort.size, len(chances))
        weights = ways * np.prod(chances**rows, axis=1)
        now = tuple((kind, share / left) for kind, share in quiet.items()) if left else ()
        for row, share in zip(rows.tolist(), weights.tolist(), strict=True):
            if share > 0:
                rest, changed = self._changed(turn, row, loud)
                sorts = (*branch.sorts[:place], Sort(sort.tag, row[-1], now), *branch.sorts[place + 1 :], *changed)
                yield Branch(rest, sorts), weight * share

    def _changed(self, turn: SortTurn, row: Sequence[int], loud: Sequence[Loud]) -> tuple[int, list[Sort]]:
        """The rest after so many members have gone each loud way, and the sorts of these members."""
        rest, changed = turn.branch.rest, []
        for count, (_, kind, number) in zip(row, loud, strict=False):
            for _ in range(count):
                now = turn.branch._replace(rest=rest)
                way = self._steps.member_ways(turn.item, kind, now, turn.place)[0][number]
                rest = way.rest
            if count:
                changed.append(Sort(turn.branch.sorts[turn.place].tag, count, ((way.kind, SURE),)))
        return rest, changed
