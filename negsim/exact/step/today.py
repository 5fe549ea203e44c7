"""One day of a crowd: from a dusk to every next dusk, each with its chance.

The items of the agenda are taken in order, each in every way it can go. What has happened so far today is
held as branches; members are counted out when something looks at them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import attrs
import numpy as np

from negsim.addition import added
from negsim.exact.state.branches import (
    NEGLIGIBLE,
    SURE,
    Branch,
    Branches,
    Floats,
    Sort,
    add,
    counted_out,
    counted_sorts,
)
from negsim.exact.state.layout import Group
from negsim.exact.state.turns import Snapshot, Start, Stop
from negsim.exact.step.agenda import OWN, Agenda
from negsim.exact.step.member_turns import MemberTurns
from negsim.exact.step.steps import Steps, Way
from negsim.kernel.moment import Moment
from negsim.kernel.questions import Answer


class Begun(NamedTuple):
    """A turn under way: the moment, the tag of each member, its weight, and the answer to what is asked, if it is."""

    moment: Moment
    tags: Mapping[str, int]
    weight: float
    answer: Answer


@attrs.frozen
class Decision:
    """A decision in the middle of a day: where it stands, what there is then, and what is open."""

    item: int
    moment: Moment
    snapshot: Snapshot
    tags: Mapping[str, int]
    actor: str
    rule: str
    instance: tuple[str, ...]
    options: tuple[str, ...]


@attrs.define
class Found:
    """What a day comes to: the crowds at dusk, the decisions on the way, and what was counted, in expectation."""

    ends: dict[Branch, float]
    decisions: dict[Any, tuple[Decision, float]]
    counted: Floats


def today_of(steps: Steps, rest: int, groups: Sequence[Group], day: int) -> tuple[Branch, Today]:
    """The branch in which a day begins, and the day."""
    steps.begin(day)
    aged, grown, agenda = steps.agendas.dawn(rest, groups, day)
    sorts = tuple(sorted(Sort(tag, count, ((kind, SURE),)) for kind, tag, count in grown))
    return Branch(aged, sorts), Today(steps, agenda)


def rest_ways(steps: Steps, start: Start, branch: Branch) -> tuple[tuple[Way, ...], Floats]:
    """Where a turn that touches no member can lead, with what it counts; worked out once."""
    key = (start, branch.rest, steps.season)
    found = steps.rest_ways.get(key)
    if found is None:
        groups: list[Group] = [(sort.now[0][0], sort.tag, sort.size) for sort in branch.sorts]
        snapshot, tags = steps.layout.concrete(branch.rest, groups)
        alone, after = Today(steps, ()), dict[Branch, float]()
        begun = Begun(steps.turns.moment(snapshot, start), tags, SURE, None)
        alone.go_through(0, begun, after, name=start.instance.name)
        ways: dict[int, float] = {}
        for each, chance in after.items():
            ways[each.rest] = ways.get(each.rest, 0.0) + chance
        found = tuple(Way(chance, OWN, rest) for rest, chance in ways.items()), alone.counted
        steps.rest_ways[key] = found
    return found


class Today:
    """One day of one crowd under way: the agenda, with today's chances, and what to do with each item.

    A wait's chances are by tag (what a member was like at dawn), or under `OWN` for an instance of its own.
    """

    def __init__(self, steps: Steps, agenda: Agenda) -> None:
        self.steps = steps
        self.layout = steps.layout
        self.turns = steps.turns
        self.agenda = agenda
        self.decisions: dict[Any, tuple[Decision, float]] = {}
        self.counted: Floats = np.zeros(len(steps.turns.counting))

    def flow(self, branches: Branches, first: int) -> Found:
        """Takes the items from the first on, from these branches."""
        members = MemberTurns(self.steps, self.counted)
        for number in range(first, len(self.agenda)):
            after: Branches = {}
            for branch, weight in branches.items():
                if self.agenda[number][0].orbit is None:
                    self._single(number, branch, weight, after)
                else:
                    members.take(self.agenda[number], branch, weight, after)
            branches = after
        return Found(branches, self.decisions, self.counted)

    # An instance of its own.

    def _single(self, number: int, branch: Branch, weight: float, after: Branches) -> None:
        item, chances = self.agenda[number]
        start = Start(item.instance, item.kind)
        rest, chance = branch.rest, chances.get(OWN, SURE)
        if item.pending is not None:
            found = self.layout.without(rest, item.pending)
            if found is None:  # it was dropped
                add(after, branch, weight)
                return
            taken, failed = found
            if chance < SURE:
                add(after, branch._replace(rest=failed), weight * (SURE - chance))
            rest = taken
        elif chance < SURE:
            add(after, branch, weight * (SURE - chance))
        fired = branch._replace(rest=rest)
        if not self.steps.touches_members(item.instance):
            ways, counted = rest_ways(self.steps, start, fired)
            self.counted += weight * chance * counted
            for way in ways:
                add(after, fired._replace(rest=way.rest), weight * chance * way.chance)
            return
        for each, share in counted_out(fired):
            begun = self._begun(start, each, weight * chance * share)
            self.go_through(number, begun, after, name=item.instance.name)

    def _begun(self, start: Start, branch: Branch, weight: float) -> Begun:
        """A turn that is about to begin in a branch whose members are counted."""
        groups: list[Group] = [(sort.now[0][0], sort.tag, sort.size) for sort in branch.sorts]
        snapshot, tags = self.layout.concrete(branch.rest, groups)
        return Begun(self.turns.moment(snapshot, start), tags, weight, None)

    def go_through(self, number: int, begun: Begun, after: Branches, *, name: str) -> None:
        """Takes a turn of the rule of that name from a moment to its end, in every way; what is alike is merged.

        A turn that may go round for ever is followed as far as that has a chance worth counting.
        """
        layer = [begun]
        least = NEGLIGIBLE * begun.weight
        for _ in self.steps.rounds(name):
            if added(each.weight for each in layer) <= least:
                return
            asking: dict[Any, list[Any]] = {}
            for moment, tags, weight, answer in layer:
                stop = self.turns.go_on(moment, answer)
                if stop.counted:
                    self.counted += weight * np.array(stop.counted, dtype=float)
                self.steps.hold(len(asking) + len(after), name)
                if stop.answers is None:
                    add(after, self._branch(stop.moment, tags), weight)
                    continue
                self.steps.hold(len(stop.answers.each), name)
                key = self._key(stop.moment, tags)
                if stop.answers.decision is not None:
                    self._decide((number, key), stop, tags, weight)
                elif key in asking:
                    asking[key][2] += weight
                else:
                    asking[key] = [stop, tags, weight]
            self.steps.spend(len(asking))
            layer = [
                Begun(stop.moment, tags, weight * chance, answer)
                for stop, tags, weight in asking.values()
                for chance, answer in stop.answers.each
            ]

    def _decide(self, key: tuple[int, Any], stop: Stop, tags: Mapping[str, int], weight: float) -> None:
        if stop.answers is None or stop.answers.decision is None:
            raise TypeError("no decision is asked for")
        choice = stop.answers.decision
        known = self.decisions.get(key)
        if known is not None:
            self.decisions[key] = (known[0], known[1] + weight)
            return
        decision = Decision(
            key[0], stop.moment, self.turns.snapshot(stop.moment), tags, str(choice.by), choice.instance.name,
            choice.instance.actors, tuple(option.name for option in choice.options),
        )  # fmt: skip
        self.decisions[key] = (decision, weight)

    def _branch(self, moment: Moment, tags: Mapping[str, int]) -> Branch:
        rest, kinds = self.layout.cut(*self.turns.snapshot(moment))
        return Branch(rest, counted_sorts((tags[member], kind, 1) for member, kind in kinds.items()))

    def _key(self, moment: Moment, tags: Mapping[str, int]) -> Any:
        """What two moments of a turn have in common that go on alike, whoever the members are."""
        home = self.layout.home
        steps = [step.about for step in moment.front]
        steps += [(each.about, each.bound) for each in moment.queue if moment.guards.stands(each)]
        if moment.asked is not None:
            steps.append(moment.asked.about)
        marks: dict[str, list[tuple[int, str]]] = {}
        shape = []
        for place, (what, scope) in enumerate(steps):
            for name, value in scope.items():
                if value in home:
                    marks.setdefault(str(value), []).append((place, name))
            shape.append((what, tuple(each for each in scope.items() if each[1] not in home)))
        rest, kinds = self.layout.cut(*self.turns.snapshot(moment))
        members = sorted((kind, tags[member], tuple(marks.get(member, ()))) for member, kind in kinds.items())
        return rest, tuple(shape), tuple(members), len(moment.front)
