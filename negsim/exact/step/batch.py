"""One day of many crowds at once: of those that differ in nothing but how many members there are of each kind.

As long as a turn is one member's own affair, or touches no member, what can happen does not hang on the
numbers; they say how likely it is. So the day is gone through once for all, as in `today`, with an array
where there is a number. Where a turn is more than that, each crowd is left to itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from negsim.exact.state.alike import Alike
from negsim.exact.state.branches import SURE, Branch, Floats, Sort
from negsim.exact.state.rows import Rows, rows_of
from negsim.exact.state.turns import Start
from negsim.exact.step.agenda import OWN, Agenda, Item
from negsim.exact.step.counting import Ends, Now, counted_out
from negsim.exact.step.crowds import Crowds
from negsim.exact.step.day_rows import row
from negsim.exact.step.steps import Steps, Way
from negsim.exact.step.today import rest_ways
from negsim.kernel.looks import daily_chance
from negsim.program.rules import Instance

# The rest, and for each kind at dawn the number of what its members may be now; each with its weight by crowd.
Key = tuple[int, tuple[int, ...]]
Bundles = dict[Key, Floats]


class _EachForItselfError(Exception):
    """What can happen hangs on how many members there are of each kind."""


def next_rows(crowds: Crowds, numbers: Iterable[int], day: int) -> Iterator[Rows]:
    """Where crowds can be at the dusk of a day, if they were so at the dusk before."""
    single: list[int] = []
    for those, alike in crowds.sorted_out(numbers):
        found = None if alike is None else _together(crowds, alike, starts=those, day=day)
        if found is None:
            single += those
        else:
            yield from found
    if single:
        yield rows_of(single, [row(crowds, number, day) for number in single])


def chances_at_dusk(crowds: Crowds, numbers: Sequence[int], day: int) -> None:
    """Looks at the chances of the waits that these crowds give for a day. Raises `ModelError` where there is none."""
    agendas = crowds.steps.agendas
    if all(item.wait is None for item in agendas.standing(day)):
        return
    for those, alike in crowds.sorted_out(numbers):
        if alike is not None:
            _Dusk(crowds.steps, alike, day).chances()
        else:
            for number in those:
                agendas.chances(crowds.rests[number], crowds.groups(number), day)


def _together(crowds: Crowds, alike: Alike, *, starts: Sequence[int], day: int) -> Iterator[Rows] | None:
    """The same for crowds that are alike; nothing where each is to be taken by itself."""
    steps = crowds.steps
    steps.begin(day)
    groups = [(kind, kind, 1) for kind in alike.kinds]
    aged, grown, agenda = steps.agendas.assembled(alike.rest, groups, _Dusk(steps, alike, day).chances())
    steps.begin(day)
    flow = _Flow(steps, alike, agenda, [kind for kind, _, _ in grown])
    try:
        bundles = flow.taken(aged)
    except _EachForItselfError:
        return None
    ends = [Ends(rest, tuple(flow.nows[now] for now in nows), weight) for (rest, nows), weight in bundles.items()]
    if not crowds.coding.fits({kind for end in ends for now in end.nows for kind, _ in now}):
        return None
    return counted_out(crowds, alike.counts, ends, starts=np.array(starts), counted=flow.counted)


class _Dusk:
    """The dusk before a day, at which the chances of waits are looked at."""

    def __init__(self, steps: Steps, alike: Alike, day: int) -> None:
        self.steps = steps
        self.alike = alike
        self.day = day

    def chances(self) -> Agenda:
        """The standing items that can come, with the chances that the dusk gives them, crowd by crowd."""
        found: list[tuple[Item, Mapping[int, Any]]] = []
        kinds = self.alike.layout.kinds
        for item in self.steps.agendas.standing(self.day):
            if item.wait is None:
                found.append((item, {OWN: SURE}))
                continue
            tags = (
                [OWN] if item.orbit is None else [kind for kind in self.alike.kinds if kinds[kind].orbit == item.orbit]
            )
            chances = {tag: self._daily(item, tag) for tag in tags}
            possible = {tag: chance for tag, chance in chances.items() if chance.any()}
            if possible:
                found.append((item, possible))
        return found

    def _daily(self, item: Item, kind: int) -> Floats:
        """The chance of a wait, crowd by crowd: that of a member of a kind, or of an instance of its own."""
        wait = item.instance
        if not isinstance(wait, Instance):
            raise TypeError(f"{wait.name} never waits")
        slots = wait.condition.reads | (wait.chance.reads if wait.chance is not None else frozenset())

        def look(place: int) -> float:
            state, members = self.alike.shown(place)
            instance = wait if kind == OWN else self.steps.agendas.of(wait, members[kind])
            return daily_chance(instance, state, self.day - 1, {}) or 0.0

        if kind == OWN:
            return self.alike.read(slots, look, None)
        others = [slot for slot in slots if self.alike.layout.owner.get(slot) not in wait.actors]
        return self.alike.read(others, look, self.alike.counts[:, self.alike.kinds.index(kind)] > 0)


class _Flow:
    """A day under way. `nows` are all the ways in which members that were alike at dawn may be now."""

    def __init__(self, steps: Steps, alike: Alike, agenda: Agenda, grown: Sequence[int]) -> None:
        self.steps = steps
        self.alike = alike
        self.agenda = agenda
        self.every: Floats = np.ones(len(alike))
        self.nows: list[Now] = [((kind, self.every),) for kind in grown]
        self.counted: Floats = np.zeros((len(alike), len(steps.turns.counting)))
        self._known: dict[Any, int] = {}

    def taken(self, rest: int) -> Bundles:
        """What the day comes to."""
        bundles: Bundles = {(rest, tuple(range(len(self.nows)))): self.every}
        for number, (item, _) in enumerate(self.agenda):
            take = self._single if item.orbit is None else self._members
            after: Bundles = {}
            for key, weight in bundles.items():
                take(number, key, weight, after)
            bundles = after
        return bundles

    def _single(self, number: int, key: Key, weight: Floats, after: Bundles) -> None:
        item, chances = self.agenda[number]
        start = Start(item.instance, item.kind)
        (rest, nows), chance = key, chances.get(OWN, SURE)
        failed = rest
        if item.pending is not None:
            found = self.steps.layout.without(rest, item.pending)
            if found is None:  # it was dropped
                _add(after, key, weight)
                return
            rest, failed = found
        _add(after, (failed, nows), weight * (SURE - chance))
        going = weight * chance
        if not going.any():
            return
        if self.steps.touches_members(item.instance):
            raise _EachForItselfError
        ways, counted = rest_ways(self.steps, start, self._branch(rest, int(np.argmax(going > 0))))
        self.counted += np.multiply.outer(going, counted)
        for way in ways:
            _add(after, (way.rest, nows), going * way.chance)

    def _branch(self, rest: int, place: int) -> Branch:
        """One of the crowds, as it was at dawn but for the rest."""
        counts = self.alike.counts[place].tolist()
        dawn = zip(self.alike.kinds, self.nows, counts, strict=False)
        return Branch(rest, tuple(Sort(tag, count, ((now[0][0], SURE),)) for tag, now, count in dawn))

    def _members(self, number: int, key: Key, weight: Floats, after: Bundles) -> None:
        item, chances = self.agenda[number]
        if self.steps.reads_others(item.instance):
            raise _EachForItselfError
        rest, nows = key[0], list(key[1])
        for place, tag in enumerate(self.alike.kinds):
            if self.steps.layout.kinds[tag].orbit == item.orbit and (item.wait is None or tag in chances):
                nows[place] = self._turns(number, place, nows[place], (rest, weight))
        _add(after, (rest, tuple(nows)), weight)

    def _turns(self, number: int, place: int, before: int, where: tuple[int, Floats]) -> int:
        """What members that were alike at dawn may be after a turn of each: its number among `nows`."""
        item, chances = self.agenda[number]
        chance = chances[self.alike.kinds[place]] if item.wait is not None else self.every
        (rest, weight), now = where, self.nows[before]
        ways: list[tuple[Way, ...]] = []
        for kind, share in now:
            acting = weight * self.alike.counts[:, place] * share * chance
            if not acting.any():
                ways.append(())
                continue
            branch = self._branch(rest, int(np.argmax(acting > 0)))
            each, counted = self.steps.member_ways(item, kind, branch, place)
            if any(way.rest != rest for way in each):
                raise _EachForItselfError
            self.counted += np.multiply.outer(acting, counted)
            ways.append(each)
        known = (number, place, before, tuple(tuple((way.kind, way.chance) for way in each) for each in ways))
        if known not in self._known:
            self._known[known] = self._after(before, ways, chance)
        return self._known[known]

    def _after(self, before: int, ways: Sequence[Sequence[Way]], chance: Floats) -> int:
        """The number of what they may be after turns that come with a chance and go these ways."""
        now = self.nows[before]
        if all(way.kind == kind for (kind, _), each in zip(now, ways, strict=True) for way in each):
            return before
        found: dict[int, Floats] = {}
        for (kind, share), each in zip(now, ways, strict=True):
            staying = share * (SURE - chance) if each else share
            if staying.any():
                found[kind] = found.get(kind, 0.0) + staying
            for way in each:
                found[way.kind] = found.get(way.kind, 0.0) + share * chance * way.chance
        self.nows.append(tuple(found.items()))
        return len(self.nows) - 1


def _add(bundles: Bundles, key: Key, weight: Floats) -> None:
    """Adds to what is weighed, where it can be."""
    if weight.any():
        bundles[key] = bundles[key] + weight if key in bundles else weight
