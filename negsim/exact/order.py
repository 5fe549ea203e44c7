"""Where the order of members' turns can matter.

Instances act in roster order, and what is delayed to one day in the order in which it was scheduled. Members
that are alike (`orbits`) may be counted instead of told apart only where no order of theirs decides
anything. A turn may pass another where neither reads or differently changes what the other changes
(`Clash` is what stands in the way). That is enough for a whole day: swapping the roster swaps only turns
of one rule; and within one reaction, first in, first out, only what follows from one member's action with
what follows from another's at the same depth, which are in their footprints.

One more case is shown, for `while`, `at` and `every` rules that read what others change (a count, say). Let
the guard of a rule pin every variable of its own member to one value; let no member's turn change
another's variables; and let nothing else be remembered of a member (no delayed action that keeps it in
mind, no variable that holds it). Then all members who can act at this point of the agenda are in one and
the same state: who was not is not brought there by another's turn. So swapping any of them changes
nothing, now, and taking their turns in another order is the same day with their names swapped. What is left
of the day does not tell them apart either: for a `while` rule they were in that same state at the last
dusk already, when all other chances of today were looked at; for `at` and `every` it is asked that no
`while` rule over these members comes later in the agenda. The members' names are swapped, and counts are the
same: the turns may be taken in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import combinations, product
from math import prod

import attrs

from negsim.errors import ModelError
from negsim.exact.footprint import Footprint, Footprints, LookedAt, commute, values_of
from negsim.exact.orbits import Orbits, kept_positions, names_kept, orbits
from negsim.program.events import Occurrence
from negsim.program.form import conjuncts
from negsim.program.formula import Formula, MeaninglessError, new_state, set_slots
from negsim.program.program import Program
from negsim.program.rules import Instance
from negsim.scenario.model import OnEvent, Rule, Scenario, While
from negsim.scenario.settings import defaults
from negsim.scenario.types import ActorOf, Value

MOST_TURNS = 300  # how many turns of one rule are compared, alike members left out
MOST_NAMED = 4  # how many members a note names

Actors = tuple[str, ...]
Root = tuple[str, Instance | Occurrence]
Roots = tuple[Root, ...]


@attrs.frozen
class RuleOrder:
    """Whether members' turns in one rule may be taken in any order.

    `independent`: also what one does hangs in no way on what another has done before. Where they may not be
    swapped, `reason` is what stands in the way, and `apart` whom it keeps apart.
    """

    rule: str
    independent: bool = attrs.field(kw_only=True)
    reason: str | None = None
    apart: tuple[Actors, ...] = ()

    @property
    def swappable(self) -> bool:
        """Whether they may."""
        return not self.apart


@attrs.frozen
class Order:
    """What may be counted instead of told apart.

    `rules` has the rules that take turns by members who are alike. `merged` are the orbits of two or more
    whose turns may be taken in any order everywhere, and, on the agenda, before or behind those of all other
    members; `reasons` say what keeps the other members apart.
    """

    rules: Mapping[str, RuleOrder]
    merged: tuple[Actors, ...]
    reasons: tuple[str, ...]


def order(program: Program, found: Orbits, *, by: Iterable[str] = ()) -> Order:
    """Where the order of turns can matter among members who are alike. `by` are those who choose best."""
    analysis = _Analysis(program, found, Footprints(program, by=by))
    rules: dict[str, RuleOrder] = {}
    apart: set[Actors] = set()
    for index, rule in enumerate(program.scenario.rules.values()):
        verdict = analysis.rule(rule, index)
        if verdict is not None:
            rules[rule.name] = verdict
            apart |= {*verdict.apart}
    reasons = [f"in rule `{each.rule}`: {each.reason}" for each in rules.values() if each.reason is not None]
    merged = tuple(orbit for orbit in found.alike if orbit not in apart)
    return Order(rules, merged, (*found.reasons, *reasons))


def order_notes(scenario: Scenario) -> tuple[str, ...]:
    """What a lecturer should know of the order of turns, under the default parameters and readings."""
    try:
        program = Program(scenario, defaults(scenario))
        found = orbits(program)
        verdict = order(program, found)
    except (ModelError, MeaninglessError, OverflowError):  # a run says it, with the day
        return ()
    tied = [f"members who are alike cannot be swapped: {why}" for why in found.reasons]
    unlike: dict[str, list[RuleOrder]] = {}
    for each in verdict.rules.values():
        if each.reason is not None:
            unlike.setdefault(each.reason, []).append(each)
    rules = (tying(program, orbit, verdict.rules) for orbit in verdict.merged)
    apart = [f"an exact solution tells members who are alike apart: {tied_by(rule)}" for rule in rules if rule]
    return (*tied, *(_note(why, found) for why, found in unlike.items()), *dict.fromkeys(apart))


def tying(program: Program, orbit: Sequence[str], rules: Mapping[str, RuleOrder]) -> str | None:
    """A rule, of those that may be about a member, in which a member's turns are not its own affair; or nothing."""
    scenario = program.scenario
    for name, found in rules.items():
        groups = [binder.group for binder in scenario.rules[name].binders]
        concerned = not groups or any(orbit[0] in scenario.groups[group].members for group in groups)
        if concerned and not found.independent:
            return name
    return None


def tied_by(rule: str) -> str:
    """Why members who could be swapped are not counted: what `tying` has found, in words."""
    return f"in rule `{rule}`: what a member does can hang on what another has done before it"


def _note(why: str, found: Sequence[RuleOrder]) -> str:
    """What stands in the way in some rules, and whom an exact solution therefore tells apart."""
    rules = _listed([f"`{each.rule}`" for each in found])
    apart = [actor for orbit in dict.fromkeys(orbit for each in found for orbit in each.apart) for actor in orbit]
    more = [f"{len(apart) - MOST_NAMED} more"] if len(apart) > MOST_NAMED else []
    which = f"rule{'s' if len(found) > 1 else ''} {rules}"
    members = _listed([*apart[:MOST_NAMED], *more])
    return f"the order of members' turns can matter in {which}: {why}; an exact solution tells {members} apart"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


@attrs.frozen
class Turn:
    """One turn of a rule: who takes it, what its action keeps of its event, where it begins, its footprint."""

    actors: Actors
    fields: tuple[Value, ...]
    roots: tuple[Root, ...]
    footprint: Footprint


class _Analysis:
    """The turns of one program's rules, compared two by two.

    Members who are alike take like turns, so a few of each orbit stand for all of it.
    """

    def __init__(self, program: Program, found: Orbits, footprints: Footprints) -> None:
        self.program = program
        self.scenario = program.scenario
        self.found = found
        self.footprints = footprints
        self.orbit_of = {actor: orbit for orbit in found.members for actor in orbit}
        self.alike = frozenset(actor for orbit in found.alike for actor in orbit)
        self.standing = {(i.name, i.actors): i for i in (*program.waits, *program.dated)} if self.alike else {}
        self._commuting: set[frozenset[Instance]] = set()

    # The turns of a rule.

    def rule(self, rule: Rule, index: int) -> RuleOrder | None:
        """What is found of a rule; nothing where no members who are alike take turns."""
        kept = kept_positions(self.scenario, rule)
        bound = [frozenset(self.scenario.groups[binder.group].members) for binder in rule.binders]
        if all(self.alike.isdisjoint(actors) for actors in (*bound, *kept)):
            return None
        turns = self._turns(rule, index, delayed=bool(kept))
        if turns is None:
            concerned = {self.orbit_of[a] for actors in (*bound, *kept) for a in actors & self.alike}
            return self._verdict(rule, concerned, "it has too many turns to be compared")
        return self._compared(rule, index, turns, delayed=bool(kept))

    def _turns(self, rule: Rule, index: int, *, delayed: bool) -> list[Turn] | None:
        if not isinstance(rule.trigger, OnEvent):
            number = 2 * len(rule.binders)
            bound = [self._some(self.scenario.groups[each.group].members, number) for each in rule.binders]
            if prod(map(len, bound)) > MOST_TURNS:
                return None
            return [self._agenda_turn(rule, actors, delayed=delayed) for actors in product(*bound)]
        found: dict[tuple[Value, ...], Turn] = {}
        for event in rule.trigger.events:
            columns = self._columns(rule, event, delayed=delayed)
            if len(found) + prod(map(len, columns.values())) > MOST_TURNS:
                return None
            for values in product(*columns.values()):
                if values not in found:
                    found[values] = self._reaction(rule, index, dict(zip(columns, values, strict=True)), event)
        return [*found.values()]

    def _columns(self, rule: Rule, event: str, *, delayed: bool) -> dict[str, Sequence[Value]]:
        """The names that a reaction binds, and values enough for each; of the fields, those its action looks at."""
        used = names_kept(rule)
        fields = {field.name: field.type for field in self.scenario.events[event].fields if field.name in used}
        who = sum(isinstance(kind, ActorOf) for kind in fields.values())
        number = 2 * (len(rule.binders) + who) if delayed else 2 * len(rule.binders) + who
        found: dict[str, Sequence[Value]] = {
            binder.name: self._some(self.scenario.groups[binder.group].members, number) for binder in rule.binders
        }
        for name, kind in sorted(fields.items()):
            found[name] = self._some(kind.actors, number) if isinstance(kind, ActorOf) else values_of(kind)
        return found

    def _some(self, actors: Iterable[str], number: int) -> list[str]:
        """The first few of each orbit: enough for every way in which that many names can be equal or not."""
        taken: dict[Actors, int] = {}
        found = []
        for actor in actors:
            orbit = self.orbit_of.get(actor, (actor,))
            taken[orbit] = taken.get(orbit, 0) + 1
            if taken[orbit] <= number:
                found.append(actor)
        return found

    def _agenda_turn(self, rule: Rule, actors: Actors, *, delayed: bool) -> Turn:
        instance = self.standing[rule.name, actors]
        roots: tuple[Root, ...] = (("turn", instance), ("taking", instance)) if delayed else (("turn", instance),)
        return Turn(actors, (), roots, self.footprints.of(*roots))

    def _reaction(self, rule: Rule, index: int, bound: dict[str, Value], event: str) -> Turn:
        given = {field.name: next(iter(values_of(field.type)), 0) for field in self.scenario.events[event].fields}
        actors = tuple(str(bound[binder.name]) for binder in rule.binders)
        instance = Instance(self.program, rule, place=(index, 0), actors=actors, scope={**given, **bound})
        roots: tuple[Root, ...] = (("taking", instance),)
        return Turn(actors, tuple(bound.values())[len(actors) :], roots, self.footprints.of(*roots))

    # Turns compared.

    def _compared(self, rule: Rule, index: int, turns: Sequence[Turn], *, delayed: bool) -> RuleOrder:
        reason: str | None = None
        independent, apart = True, set[Actors]()
        for one, other in combinations(turns, 2):
            concerned = self._swapped(rule, one, other, delayed=delayed)
            clash = self.clash(one.roots, other.roots) if concerned else None
            if clash is None:
                continue
            independent = False
            both = {self.orbit_of[actor] for actor in (*one.actors, *other.actors)}
            if both != concerned or len(both) > 1 or not self._is_pinned(rule, index, *both):
                apart |= concerned
                reason = reason or clash
        return self._verdict(rule, apart, reason, independent=independent)

    def _verdict(self, rule: Rule, apart: set[Actors], reason: str | None, *, independent: bool = False) -> RuleOrder:
        in_order = tuple(orbit for orbit in self.found.alike if orbit in apart)
        return RuleOrder(rule.name, reason, in_order, independent=independent)

    def _swapped(self, rule: Rule, one: Turn, other: Turn, *, delayed: bool) -> set[Actors]:
        """The orbits in which a swap of members swaps two turns; none where their order is always the same.

        On the agenda, all turns of an orbit may stand together before or behind another member's.
        """
        if one.actors == other.actors:
            concerned = {self.orbit_of.get(str(v), ()) for v in (*one.fields, *other.fields) if v in self.alike}
            return concerned if delayed else set()
        if one.fields != other.fields and not delayed:
            return set()  # reactions to two events
        pairs = zip(rule.binders, one.actors, other.actors, strict=True)
        group, left, right = next((binder.group, a, b) for binder, a, b in pairs if a != b)
        here, there = self.orbit_of[left], self.orbit_of[right]
        places = self._roster[group]
        first, second = [[places[actor] for actor in orbit if actor in places] for orbit in (here, there)]
        reacting = isinstance(rule.trigger, OnEvent) and not delayed
        if reacting and here != there and (max(first) < min(second) or max(second) < min(first)):
            return set()  # who stands before or behind all of them stays there
        return {orbit for orbit in (here, there) if len(orbit) > 1}

    @cached_property
    def _roster(self) -> Mapping[str, Mapping[str, int]]:
        groups = self.scenario.groups.items()
        return {name: {actor: place for place, actor in enumerate(group.members)} for name, group in groups}

    def clash(self, one: Roots, other: Roots) -> str | None:
        """Why two turns may not be swapped; nothing where they may be."""
        started: set[frozenset[Instance]] = set()
        found = self._clash(one, other, started)
        if found is None:
            self._commuting |= started
        return found

    def _clash(self, one: Roots, other: Roots, started: set[frozenset[Instance]]) -> str | None:
        left, right = self.footprints.of(*one), self.footprints.of(*other)
        if left.unknown or right.unknown:
            return left.unknown or right.unknown
        for (writes, writer), (reads, reader) in (((left, one), (right, other)), ((right, other), (left, one))):
            slot = min(writes.writes.keys() & reads.reads, default=None)
            if slot is not None:
                return self._read_and_set(slot, writer, reader)
        for slot in sorted(left.writes.keys() & right.writes.keys()):
            if not all(commute(a, b) for a in left.writes[slot] for b in right.writes[slot]):
                return self._set_and_set(slot, one)
        return _dropped(left, right) or _dropped(right, left) or self._scheduled(left, right, started)

    def _scheduled(self, left: Footprint, right: Footprint, started: set[frozenset[Instance]]) -> str | None:
        """Why the order in which actions are put on the calendar can matter.

        It is the order in which those of one instance are taken on one day. What is being compared already
        is taken to be alike: where it is not, the whole comparison fails.
        """
        for one, other in product(left.later, right.later):
            pair = frozenset((one, other))
            if one.name != other.name or one.actors != other.actors or pair in self._commuting | started:
                continue
            names = names_kept(one.rule)
            if all(one.scope[n] == other.scope[n] for n in names & one.scope.keys() & other.scope.keys()):
                continue
            started.add(pair)
            why = self._clash((("taking", one),), (("taking", other),), started)
            if why is not None:
                return f"delayed actions of rule `{one.name}` are taken in the order of the turns, and {why}"
        return None

    # What is said of it.

    def _read_and_set(self, slot: int, writer: Roots, reader: Roots) -> str:
        event = self._event_that_sets(slot, writer)
        looks = (look for part in self.footprints.parts(*reader) for look in part.looks if slot in look.slots)
        return f"`{event}` at one member's turn sets {self._name(slot)}, which another's reads ({_place(next(looks))})"

    def _set_and_set(self, slot: int, roots: Roots) -> str:
        event = self._event_that_sets(slot, roots)
        return f"two members' turns set {self._name(slot)} (`{event}`), and what it becomes hangs on who comes first"

    def _event_that_sets(self, slot: int, roots: Roots) -> str:
        touches = (touch for part in self.footprints.parts(*roots) for touch in part.touches)
        return next(touch.event for touch in touches if touch.slot == slot)

    def _name(self, slot: int) -> str:
        variable = self.program.layout.variable_at[slot]
        return f"`{variable.group}.{variable.name}`" if variable.group else f"`{self.program.layout.names[slot]}`"

    # Members who are all in one state when they act.

    def _is_pinned(self, rule: Rule, index: int, orbit: Actors) -> bool:
        """Whether all members of an orbit who can act at a rule's place in the agenda are in one and the same state."""
        if isinstance(rule.trigger, OnEvent) or len(rule.binders) != 1 or self._is_remembered(orbit):
            return False
        polled = isinstance(rule.trigger, While)
        if not polled and any(self._polls(later, orbit) for later in [*self.scenario.rules.values()][index + 1 :]):
            return False
        own, others = self._own_slots(orbit[0]), self._own_slots(*orbit[1:])
        instance = self.standing[rule.name, orbit[:1]]
        footprint = self.footprints.turn(instance)
        if footprint.unknown is not None or footprint.writes.keys() & others:
            return False
        guard = instance.condition if polled else instance.when
        values = {slot: {*values_of(self.program.layout.variable_at[slot].type)} for slot in own}
        for form in () if guard is None else conjuncts(guard.form):
            formula = self.program.binder.formula(form)
            if len(formula.reads) == 1 and formula.reads <= own:
                (slot,) = formula.reads
                values[slot] = {value for value in values[slot] if self._holds(formula, slot, value)}
        return all(len(left) <= 1 for left in values.values())

    def _is_remembered(self, orbit: Actors) -> bool:
        """Whether anything but their own variables is kept of members: a delayed action, a variable that holds one."""
        kinds = [variable.type for variable in self.scenario.variables.values()]
        held = [frozenset(kind.actors) for kind in kinds if isinstance(kind, ActorOf)]
        for rule in self.scenario.rules.values():
            held += kept_positions(self.scenario, rule)
        return any(not actors.isdisjoint(orbit) for actors in held)

    def _polls(self, rule: Rule, orbit: Actors) -> bool:
        groups = [self.scenario.groups[binder.group].members for binder in rule.binders]
        return isinstance(rule.trigger, While) and any(not set(members).isdisjoint(orbit) for members in groups)

    def _own_slots(self, *members: str) -> set[int]:
        at = self.program.layout.variable_at
        return {
            slot
            for (_, who), slot in self.program.layout.slots.items()
            if who in members and at[slot].group is not None
        }

    def _holds(self, formula: Formula, slot: int, value: Value) -> bool:
        """Whether a condition on one variable may hold with a value."""
        state = new_state(self.program.layout.initial)
        set_slots(state, ((slot, value),))
        try:
            return bool(formula.read(state))
        except (MeaninglessError, OverflowError):  # the run stops there
            return False


def _dropped(one: Footprint, other: Footprint) -> str | None:
    """Why an event of one turn drops what another has in mind."""
    for event, instance in product(one.logs, other.dropped):
        for name, given in instance.unless:
            pairs = () if given is None else zip(given, event.arguments, strict=True)
            if name == event.name and all(not f.fixed or f.value == value for f, value in pairs):
                where = f"`unless` of rule `{instance.name}`"
                return f"`{name}` at one member's turn drops what another's is about to do or has planned ({where})"
    return None


def _place(look: LookedAt) -> str:
    match look.key:
        case "set":
            return f"`set` of event `{look.name}`"
        case "a measure":
            return f"a measure that counts `{look.name}`"
        case key:
            return f"`{key}` of rule `{look.name}`"
