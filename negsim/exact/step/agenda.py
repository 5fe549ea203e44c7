"""What is due on a day: the triggers of the calendar, the trials of `while` rules, and actions that were put off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from negsim.exact.state.layout import Group, Layout, Rest
from negsim.exact.state.nameless import SELF
from negsim.exact.state.turns import NOT_YET, TRIED, UNTRIED, Kind, Pending
from negsim.kernel.looks import daily_chance
from negsim.program.formula import Formula, new_state
from negsim.program.rules import Instance
from negsim.program.table import Table
from negsim.scenario.rules import At, Every, OnEvent

OWN = -1  # the tag under which an instance of its own finds its chance


@attrs.frozen
class Item:
    """Something on a day's agenda: an instance's trigger, or actions that are due.

    `instance` stands for all members of a merged `orbit`, or for itself. `wait` is its number among the
    `while` instances.
    """

    place: tuple[int, int]
    instance: Instance | Table
    delayed: bool
    orbit: int | None
    wait: int | None
    pending: Pending | None = None

    @property
    def kind(self) -> Kind:
        """How its turn comes."""
        return "action" if self.delayed else "trigger" if self.wait is None else "wait"

    @property
    def order(self) -> tuple[int, int, bool]:
        """Where it stands in the agenda."""
        return (*self.place, self.delayed)


Agenda = Sequence[tuple[Item, Mapping[int, Any]]]  # chances: numbers, or arrays with a number a crowd


class Agendas:
    """The agendas of all days of a program.

    Days with one `signature` are alike: the same instances can come, in the same seasons.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.program = layout.program
        self.told_apart: set[int] = set()  # days that are like no other: a policy names them
        self._standing: dict[Any, tuple[Item, ...]] = {}
        self._boundaries = self._all_boundaries()
        self._places = {name: number for number, name in enumerate(self.program.scenario.rules)}
        self._by_actors = {(each.name, each.actors): each for each in (*self.program.waits, *self.program.dated)}
        self._aged_kinds: dict[int, int] = {}
        self._aged_rests: dict[tuple[int, int], int] = {}
        self._clocks = layout.turns.clocks

    def _all_boundaries(self) -> tuple[int, ...] | None:
        """The days on which a season begins or ends; nothing where some are known only once an event has come."""
        found = {1}  # the first trials are on day 1
        for instance in (*self.program.waits, *self.program.dated):
            found.update(day for day in (instance.from_day, _next(instance.until_day)) if day is not None)
        for rule in self.program.scenario.rules.values():
            if isinstance(rule.trigger, OnEvent) and (rule.from_day is not None or rule.until_day is not None):
                try:
                    instances = self.program.instances(rule, 0, {})
                except KeyError:
                    return None
                for instance in instances:
                    found.update(day for day in (instance.from_day, _next(instance.until_day)) if day is not None)
        return tuple(sorted(found))

    def signature(self, day: int) -> Any:
        """What the steps of a day depend on besides the state."""
        due = tuple(number for number, instance in enumerate(self.program.dated) if is_due(instance, day))
        return due, self.season(day), self._clocks.day(day)

    def season(self, day: int) -> tuple[int, int | None]:
        """What a turn's course depends on besides the state: the rules that are in season, choices for that day."""
        if self._boundaries is None:
            return 0, day
        return sum(boundary <= day for boundary in self._boundaries), day if day in self.told_apart else None

    def standing(self, day: int) -> tuple[Item, ...]:
        """The items that may come on a day, whatever the state: triggers and trials, in order."""
        signature = self.signature(day)
        found = self._standing.get(signature)
        if found is None:
            items: dict[Any, Item] = {}
            for instance in self.program.dated:
                if is_due(instance, day):
                    self._place(items, instance, None)
            for number, instance in enumerate(self.program.waits):
                if _in_window(instance, day):
                    self._place(items, instance, number)
            found = self._standing[signature] = tuple(sorted(items.values(), key=lambda item: item.order))
        return found

    def _place(self, items: dict[Any, Item], instance: Instance, wait: int | None) -> None:
        """Puts an instance on the agenda: by itself, or as one that stands for all members of its orbit."""
        home = self.layout.home
        members = [actor for actor in instance.actors if actor in home]
        orbit = home[members[0]][0] if members else None
        pattern = tuple(SELF if actor in home else actor for actor in instance.actors)
        key = (instance.name, pattern, orbit)
        place = instance.place if orbit is None else (instance.place[0], -1)
        items.setdefault(key, Item(place, instance, delayed=False, orbit=orbit, wait=wait))

    # A day of one crowd.

    def dawn(self, rest: int, groups: Sequence[Group], day: int) -> tuple[int, list[Group], Agenda]:
        """The rest and the groups at dawn of a day, and what is due.

        `groups` are those of the dusk before; each is tagged with its kind then.
        """
        return self.assembled(rest, groups, self.chances(rest, groups, day))

    def assembled(self, rest: int, groups: Sequence[Group], chances: Agenda) -> tuple[int, list[Group], Agenda]:
        """The rest and the groups at dawn, and what is due besides the standing items with these chances."""
        old = self.layout.rests[rest]
        aged = self._aged_rest(rest, self.layout.turns.today)
        items = list(chances)
        if old.pending:
            for pending in self.layout.rests[aged].pending:
                if pending.due in (0, UNTRIED):
                    instance = pending.instance
                    item = Item(instance.place, instance, delayed=True, orbit=None, wait=None, pending=pending)
                    items.append((item, {OWN: 1.0 if pending.chance is None else pending.chance}))
        grown = [(self._aged_kind(kind), tag, count) for kind, tag, count in groups]
        items += [(item, {}) for item in self._due_of_members(grown)]
        items.sort(key=lambda pair: pair[0].order)
        return aged, grown, items

    def chances(self, rest: int, groups: Sequence[Group], day: int) -> Agenda:
        """The standing items that can come, with the chances that the dusk before gives them."""
        snapshot, tags = self.layout.concrete(rest, groups)
        state = new_state(snapshot.values)
        known: dict[Formula, float] = {}
        first = {tag: member for member, tag in reversed(tags.items())}
        found: list[tuple[Item, Mapping[int, float]]] = []
        for item in self.standing(day):
            if item.wait is None:
                found.append((item, {OWN: 1.0}))
                continue
            if not isinstance(item.instance, Instance):
                raise TypeError(f"{item.instance.name} never waits")
            if item.orbit is None:
                chance = daily_chance(item.instance, state, day - 1, known)
                if chance:
                    found.append((item, {OWN: chance}))
                continue
            by_tag = {}
            for tag, member in first.items():
                if self.layout.home[member][0] == item.orbit:
                    chance = daily_chance(self.of(item.instance, member), state, day - 1, known)
                    if chance:
                        by_tag[tag] = chance
            if by_tag:
                found.append((item, by_tag))
        return found

    def of(self, instance: Instance, member: str) -> Instance:
        """The instance of another member of the same orbit."""
        actors = tuple(member if actor in self.layout.home else actor for actor in instance.actors)
        return self._by_actors[instance.name, actors]

    def _due_of_members(self, groups: Sequence[Group]) -> list[Item]:
        """One item for each rule and orbit of which a member has an action that is due."""
        found: dict[tuple[str, int], Item] = {}
        for number, _, _ in groups:
            kind = self.layout.kinds[number]
            for each in kind.pending:
                if each.due in (0, UNTRIED) and (each.rule, kind.orbit) not in found:
                    instance = self.layout.nameless.instance(each, self.layout.orbits[kind.orbit][0])
                    place = (self._places[each.rule], -1)
                    found[each.rule, kind.orbit] = Item(place, instance, delayed=True, orbit=kind.orbit, wait=None)
        return list(found.values())

    def _aged_rest(self, rest: int, day: int) -> int:
        """The rest at the dawn of a day, from that of the dusk before."""
        key = rest, self._clocks.day(day)
        found = self._aged_rests.get(key)
        if found is None:
            old = self.layout.rests[rest]
            values = self._clocks.aged(self.layout.rest_slots, old.values, day)
            found = self._aged_rests[key] = self.layout.rest(Rest(values, tuple(map(_aged, old.pending))))
        return found

    def _aged_kind(self, kind: int) -> int:
        """The kind a day later."""
        found = self._aged_kinds.get(kind)
        if found is None:
            old = self.layout.kinds[kind]
            aged = tuple(each._replace(due=_aged_due(each.due, each.chance)) for each in old.pending)
            slots = self.layout.slots_of[self.layout.orbits[old.orbit][0]]
            values = self._clocks.aged(slots, old.values, 0)
            found = self._aged_kinds[kind] = self.layout.kind(old._replace(values=values, pending=aged))
        return found


def _aged(pending: Pending) -> Pending:
    return pending._replace(due=_aged_due(pending.due, pending.chance))


def _aged_due(due: int, chance: float | None) -> int:
    if chance is not None:
        return {NOT_YET: TRIED, TRIED: UNTRIED}.get(due, due)
    return due - 1


def _next(day: int | None) -> int | None:
    return None if day is None else day + 1


def _in_window(wait: Instance, day: int) -> bool:
    """Whether a `while` instance may fire on a day; the first trials are on day 1."""
    return day > 0 and (wait.from_day is None or day >= wait.from_day)


def is_due(instance: Instance, day: int) -> bool:
    """Whether the trigger of an `at` or `every` instance comes on a day."""
    first = instance.first_day
    if first is None or first < 0 or day < first:
        return False
    if instance.until_day is not None and day > instance.until_day:
        return False
    if instance.from_day is not None and day < instance.from_day:
        return False
    match instance.rule.trigger:
        case At():
            return day == first
        case Every():
            return (day - first) % instance.period_days == 0
        case _:
            return False
