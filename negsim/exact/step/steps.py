"""The one-day steps of a program, and the turns that are worked out once and kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import numpy as np

from negsim.exact.state.branches import NEGLIGIBLE, SURE, Branch, Floats, TooLargeError
from negsim.exact.state.layout import Group, Layout
from negsim.exact.state.turns import TRIED, UNTRIED, Snapshot, Start, Turns
from negsim.exact.step.agenda import OWN, Agendas, Item
from negsim.exact.step.touch import Touches
from negsim.kernel.moment import Moment
from negsim.kernel.questions import Answer
from negsim.program.rules import Instance
from negsim.program.table import Table

MOST_QUESTIONS = 10_000  # that one turn may ask in a row
LEAST_AT_ONCE = 1_000  # situations of one day that may always be under way


class NotAloneError(Exception):
    """A member's turn touched another member, or asked for a decision that is looked into: keep its orbit apart."""

    def __init__(self, orbit: int, rule: str) -> None:
        super().__init__(rule)
        self.orbit = orbit
        self.rule = rule


@attrs.frozen
class Way:
    """One way that a member's turn can go: its chance, the member's kind then, and the rest."""

    chance: float
    kind: int
    rest: int


class Steps:
    """The one-day steps of a program, and what is kept between them.

    `most` bounds how many situations in the middle of a day are looked at, over all steps; at one time a
    hundredth of them may be under way.
    """

    def __init__(self, layout: Layout, *, most: int, controlled: frozenset[str] = frozenset()) -> None:
        self.layout = layout
        self.turns: Turns = layout.turns
        self._step = layout.turns.program.scenario.calendar.step
        self.agendas = Agendas(layout)
        self.spent = 0
        self._most = most
        self._most_at_once = max(LEAST_AT_ONCE, most // 100)
        self._counted: Floats = np.zeros(0)  # by the member's turn that is being worked out
        self._orbit = 0  # of that member
        self.season: tuple[int, int | None] = (0, None)
        self._controlled = controlled
        self._touches = Touches(layout)
        self.rest_ways: dict[Any, tuple[tuple[Way, ...], Floats]] = {}  # of turns that touch no member
        self._member_ways: dict[Any, tuple[tuple[Way, ...], Floats]] = {}

    def spend(self, situations: int) -> None:
        """Counts situations in the middle of days; raises `TooLargeError` where there are too many."""
        self.spent += situations
        if self.spent > self._most:
            what = f"situations in the middle of {self._step.plural}"
            raise TooLargeError(f"there are more than {self._most:,} {what} in all")

    def hold(self, situations: int, name: str) -> None:
        """Raises `TooLargeError` where so many situations of one day cannot be under way at one time."""
        if situations > self._most_at_once:
            what = f"{self._step.on} one {self._step} `{name}` leads to more than"
            raise TooLargeError(f"{what} {self._most_at_once:,} situations at one time")

    def rounds(self, name: str) -> Iterator[int]:
        """Numbers without end for what a turn asks; raises `TooLargeError` where it asks and asks."""
        yield from range(MOST_QUESTIONS)
        what = f"{self._step.on} one {self._step} `{name}`"
        raise TooLargeError(f"{what} asks for more than {MOST_QUESTIONS:,} draws in a row")

    def begin(self, day: int) -> None:
        """Starts a day."""
        self.turns.today = day
        self.season = self.agendas.season(day)

    def touches_members(self, instance: Instance | Table) -> bool:
        """Whether a turn may look at, or change, what is kept of members who are merged; or ask for a decision."""
        if self._controlled or isinstance(instance, Table):
            return bool(self._controlled or self.layout.home)
        return bool(self._touches.of(instance))

    def reads_others(self, instance: Instance | Table) -> bool:
        """Whether a member's turn may look at, or change, what is kept of another member."""
        if isinstance(instance, Table):
            return False
        own = {*instance.actors, *(value for _, value in instance.late_scope)}
        return not self._touches.of(instance) <= own

    # Turns that are worked out once.

    def _paths(self, snapshot: Snapshot, start: Start, weight: float) -> Iterator[tuple[float, Snapshot]]:
        """Every way that a turn can go, one after the other, in the order of the answers."""
        name = start.instance.name
        open_ways: list[tuple[Moment, Answer, float]] = [(self.turns.moment(snapshot, start), None, weight)]
        while open_ways:
            moment, answer, weight = open_ways.pop()
            stop = self.turns.go_on(moment, answer)
            if stop.counted:
                self._counted += weight * np.array(stop.counted, dtype=float)
            if stop.answers is None:
                yield weight, self.turns.snapshot(stop.moment)
                continue
            if stop.answers.decision is not None:
                raise NotAloneError(self._orbit, stop.answers.decision.instance.name)
            self.spend(1)
            self.hold(len(stop.answers.each), name)
            for chance, each in reversed(stop.answers.each):
                if weight * chance > NEGLIGIBLE:
                    open_ways.append((stop.moment, each, weight * chance))

    def member_ways(self, item: Item, kind: int, branch: Branch, place: int) -> tuple[tuple[Way, ...], Floats]:
        """Where the turn of a member of a kind can lead, with what it counts; nobody else is touched."""
        instance = item.instance
        if not isinstance(instance, Instance):
            raise TypeError(f"{instance.name} is no member's")
        others = branch.sorts if self.reads_others(instance) else None
        key = (instance, item.delayed, kind, branch.rest, others, self.season)
        found = self._member_ways.get(key)
        if found is None:
            self._counted = np.zeros(len(self.turns.counting))
            self._orbit = self.layout.kinds[kind].orbit
            ways = tuple(self._work_out(item, kind, branch, place))
            found = self._member_ways[key] = ways, self._counted
        return found

    def _work_out(self, item: Item, kind: int, branch: Branch, place: int) -> Iterator[Way]:
        groups: list[Group] = [(kind, OWN, 1)]
        for number, sort in enumerate(branch.sorts):
            left = sort.size - (number == place)
            groups += [(sort.now[0][0], sort.tag, left)] if left else []
        snapshot, tags = self.layout.concrete(branch.rest, groups)
        member = next(each for each, tag in tags.items() if tag == OWN)
        _, before = self.layout.cut(snapshot.values, snapshot.pending)
        turns = self._delayed(item, snapshot, member, SURE) if item.delayed else self._trigger(item, snapshot, member)
        for chance, after in turns:
            rest, kinds = self.layout.cut(after.values, after.pending)
            if any(kinds[other] != old for other, old in before.items() if other != member):
                raise NotAloneError(self.layout.home[member][0], item.instance.name)
            yield Way(chance, kinds[member], rest)

    def _trigger(self, item: Item, snapshot: Snapshot, member: str) -> Iterator[tuple[float, Snapshot]]:
        if not isinstance(item.instance, Instance):
            raise TypeError(f"{item.instance.name} is no member's")
        instance = self.agendas.of(item.instance, member)
        return self._paths(snapshot, Start(instance, item.kind), SURE)

    def _delayed(self, item: Item, snapshot: Snapshot, member: str, weight: float) -> Iterator[tuple[float, Snapshot]]:
        """A member's actions of one rule that are due, one after the other."""
        for place, each in enumerate(snapshot.pending):
            is_due = each.due in (0, UNTRIED) and each.instance.name == item.instance.name
            if not is_due or self.layout.nameless.member_of(each) != member:
                continue
            before, behind = snapshot.pending[:place], snapshot.pending[place + 1 :]
            chance = SURE if each.chance is None else each.chance
            if chance < SURE:
                failed = snapshot._replace(pending=(*before, each._replace(due=TRIED), *behind))
                yield from self._delayed(item, failed, member, weight * (SURE - chance))
            start = Start(each.instance, item.kind)
            taken = snapshot._replace(pending=before + behind)
            for share, after in self._paths(taken, start, weight * chance):
                yield from self._delayed(item, after, member, share)
            return
        yield weight, snapshot
